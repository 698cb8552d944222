using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Serving;

/// <summary>A server that requests go on to.</summary>
/// <param name="Url">Scheme <c>http</c> or <c>https</c>, host, port and the path that requests' paths are put after.</param>
/// <param name="VerifiesCertificate">False for <c>https+insecure</c>: clusters' own servers rarely have certificates that anybody vouches for.</param>
internal sealed record ProxyTarget(Uri Url, bool VerifiesCertificate)
{
    private const string Insecure = "https+insecure://";

    /// <summary>Path of the Unix socket that the server listens on; null where the URL says where it is.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>Scheme, host and port.</summary>
    public string Origin { get; } = Url.GetLeftPart(UriPartial.Authority);

    /// <summary>What comes before requests' paths: the origin with the URL's own path, without a final slash.</summary>
    public string Prefix { get; } = $"{Url.GetLeftPart(UriPartial.Authority)}{Url.AbsolutePath.TrimEnd('/')}";

    /// <summary>A URL, <c>host:port</c>, a port of this machine, or <c>unix:/path</c>; null if it is none of these.</summary>
    public static ProxyTarget? TryParse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            return ClusterSockets.SocketPathOf(text) is { } path ? new ProxyTarget(new Uri("http://localhost"), true) { SocketPath = path } : null;
        }

        var isInsecure = text.StartsWith(Insecure, StringComparison.Ordinal);
        var url = isInsecure ? $"https://{text[Insecure.Length..]}"
            : ushort.TryParse(text, out _) ? $"http://127.0.0.1:{text}"
            : text.Contains("://", StringComparison.Ordinal) ? text
            : $"http://{text}";
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" && parsed.Host.Length > 0
            ? new ProxyTarget(parsed, !isInsecure)
            : null;
    }
}
