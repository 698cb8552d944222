using System.Net;
using System.Text;
using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>
/// Writes an <see cref="Impersonation"/> as the API server reads it: each value as a header line of its own. The server takes a line
/// for one value, commas and all, while the HTTP stack of .NET joins the values of a name into one line. In HTTP/1.1 the header's
/// encoding can separate them again; in HTTP/2 nothing can, so that several values are sent by HTTP/1.1.
/// </summary>
internal static class ImpersonationHeaders
{
    private const string Prefix = "Impersonate-";

    public static void Add(HttpRequestMessage message, Impersonation impersonation)
    {
        Add(message, "User", [impersonation.User]);
        if (impersonation.Uid is { } uid)
            Add(message, "Uid", [uid]);

        Add(message, "Group", impersonation.Groups);

        // Keys such as example.com/scopes hold characters that header names may not.
        foreach (var (key, values) in impersonation.Extra)
            Add(message, $"Extra-{Uri.EscapeDataString(key)}", values);
    }

    /// <summary>
    /// The encoding of a header, for <see cref="SocketsHttpHandler.RequestHeaderEncodingSelector"/>; null: the usual one, ASCII. Names of
    /// users and groups may hold any letter, which the API server reads as UTF-8.
    /// </summary>
    public static Encoding? EncodingOf(string name, HttpRequestMessage message) =>
        !name.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : message.Version == HttpVersion.Version11 ? new HeaderLineEncoding(name)
        : Encoding.UTF8;

    private static void Add(HttpRequestMessage message, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;

        // Line ends would let a value write headers of its own.
        foreach (var value in values)
        {
            if (value.Any(char.IsControl))
                throw new CredentialException($"The impersonated {name.ToLowerInvariant()} \"{value}\" holds a control character. Correct it in the kubeconfig.");
        }

        if (values.Count > 1)
        {
            message.Version = HttpVersion.Version11;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        message.Headers.TryAddWithoutValidation(Prefix + name, string.Join(HeaderLineEncoding.Separator, values));
    }
}
