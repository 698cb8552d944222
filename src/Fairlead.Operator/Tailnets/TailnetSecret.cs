using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Tailnets;

/// <summary>The credentials of a Tailnet as its Secret holds them.</summary>
internal static class TailnetSecret
{
    public const string ClientId = "client_id";
    public const string ClientSecret = "client_secret";

    /// <summary>Has the operator prove a federated identity; wins over <see cref="ClientSecret"/>.</summary>
    public const string Audience = "audience";

    private static readonly ImmutableArray<string> Keys = [ClientId, ClientSecret, Audience];

    /// <summary>What the operator keeps of the Secrets beside those of proxies: credentials, and nothing else anybody stored.</summary>
    public static Secret Keep(Secret secret) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = secret.Metadata.Name,
            Namespace = secret.Metadata.Namespace,
            Uid = secret.Metadata.Uid,
            ResourceVersion = secret.Metadata.ResourceVersion,
            Labels = secret.Metadata.Labels,
        },
        Data = secret.Data?.Where(entry => Keys.Contains(entry.Key)).ToDictionary(StringComparer.Ordinal),
    };

    /// <summary>A value without the white space around it; empty when there is none.</summary>
    public static string Text(Secret secret, string key) =>
        secret.Data is { } data && data.TryGetValue(key, out var value) ? Encoding.UTF8.GetString(value).Trim() : "";

    /// <summary>Why the Secret holds no credentials and what to do; null when it does.</summary>
    public static string? Problem(ObjectKey key, Secret? secret) => secret switch
    {
        null => $"Secret {key} does not exist; create it with client_id and either client_secret or audience",
        { Data: null or { Count: 0 } } => $"Secret {key} holds no credentials; add client_id and either client_secret or audience",
        _ when Text(secret, ClientId).Length == 0 => $"Secret {key} has no client_id; add the ID of the OAuth client or of the federated identity",
        _ when Text(secret, ClientSecret).Length == 0 && Text(secret, Audience).Length == 0 =>
            $"Secret {key} has neither client_secret nor audience; add the OAuth client's secret, or the audience of the federated identity",
        _ => null,
    };

    /// <summary>Differs for different credentials, and gives nothing of them away.</summary>
    public static string Fingerprint(Secret secret) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Keys.Select(key => Text(secret, key))))));
}
