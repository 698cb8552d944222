using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>The tailnet device of a proxy, as the proxy reports it in its Secret.</summary>
/// <param name="Id">Stable node ID.</param>
/// <param name="Hostname">MagicDNS name without trailing dot; null until forwarding works.</param>
/// <param name="Addresses">Tailnet addresses in the order reported.</param>
public sealed record ProxyDevice(string Id, string? Hostname, ImmutableArray<string> Addresses)
{
    /// <summary>The device in a Secret; null when none is registered.</summary>
    /// <exception cref="FormatException">The Secret's list of addresses is no JSON array of texts.</exception>
    public static ProxyDevice? From(Secret secret)
    {
        if (Text(secret, ProxyStateKeys.DeviceId) is not { Length: > 0 } id)
        {
            return null;
        }

        var name = Text(secret, ProxyStateKeys.DeviceFqdn);
        return string.IsNullOrEmpty(name)
            ? new ProxyDevice(id, null, [])
            : new ProxyDevice(id, name.TrimEnd('.'), AddressesOf(secret));
    }

    /// <summary>The ID alone, for clean-up, which must work whatever else is broken.</summary>
    public static string? IdOf(Secret secret) => Text(secret, ProxyStateKeys.DeviceId) is { Length: > 0 } id ? id : null;

    internal static string? Text(Secret secret, string key) =>
        secret.Data is { } data && data.TryGetValue(key, out var value) ? Encoding.UTF8.GetString(value) : null;

    private static ImmutableArray<string> AddressesOf(Secret secret)
    {
        if (secret.Data is not { } data || !data.TryGetValue(ProxyStateKeys.DeviceIps, out var value) || value.Length == 0)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(value);
            return [.. document.RootElement.EnumerateArray().Select(address => address.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(
                $"Secret {secret.Metadata.Namespace}/{secret.Metadata.Name}: the value of \"{ProxyStateKeys.DeviceIps}\" is not a JSON array of addresses; "
                + "restart the proxy's Pod to have it written again", e);
        }
    }
}
