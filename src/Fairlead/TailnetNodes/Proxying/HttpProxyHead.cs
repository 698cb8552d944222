using System.Text;

namespace Fairlead.TailnetNodes.Proxying;

/// <summary>Reads the head of a request to a proxy, and writes it for the target.</summary>
internal static class HttpProxyHead
{
    /// <summary>As common servers allow.</summary>
    public const int MaxLength = 32 * 1024;

    /// <summary>RFC 9110, 7.6.1: fields for the next hop alone, here the proxy; the message's framing is as much the target's as ours.</summary>
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "TE", "Upgrade", "Host"];

    private static readonly string[] Framing = ["Content-Length", "Transfer-Encoding"];

    public static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    /// <param name="head">With the empty line at its end.</param>
    /// <param name="rest">What the client sent after it.</param>
    /// <returns>Null if it is no request to a proxy.</returns>
    public static HttpProxyRequest? TryParse(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        var lines = Encoding.Latin1.GetString(head[..^End.Length]).Split("\r\n");
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, var target, "HTTP/1.0" or "HTTP/1.1"] || lines.Any(line => line.AsSpan().ContainsAny('\r', '\n', '\0')))
        {
            return null;
        }

        if (method == "CONNECT")
        {
            return Uri.TryCreate($"tcp://{target}", UriKind.Absolute, out var authority) && authority.Port is > 0 and <= ushort.MaxValue && authority.DnsSafeHost.Length > 0
                ? new HttpProxyRequest(authority.DnsSafeHost, authority.Port, IsTunnel: true, rest.ToArray())
                : null;
        }

        if (!Uri.TryCreate(target, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.Port == 0)
        {
            return null;
        }

        var fields = lines.Skip(1).ToArray();
        if (fields.Any(field => NameOf(field) is not { Length: > 0 } name || name.AsSpan().ContainsAny(' ', '\t')))
        {
            // RFC 9112, 5.1 and 5.2: white space before a colon, and lines that go on, are read in more than one way.
            return null;
        }

        // An answer must be one that the client's version knows, so the target learns that (RFC 9110, 2.5).
        var version = lines[0][^"HTTP/1.x".Length..];
        string[] rewritten = [$"{method} {url.PathAndQuery} {version}", $"Host: {url.Authority}", .. ForTarget(fields), "Connection: close", "", ""];
        return new HttpProxyRequest(url.DnsSafeHost, url.Port, IsTunnel: false, (byte[])[.. Encoding.Latin1.GetBytes(string.Join("\r\n", rewritten)), .. rest]);
    }

    private static IEnumerable<string> ForTarget(string[] fields)
    {
        var dropped = new HashSet<string>(HopByHop, StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields.Where(field => string.Equals(NameOf(field), "Connection", StringComparison.OrdinalIgnoreCase)))
        {
            dropped.UnionWith(field[(field.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.TrimEntries));
        }

        dropped.ExceptWith(Framing);
        return fields.Where(field => NameOf(field) is { } name && !dropped.Contains(name) && !name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase));
    }

    private static string? NameOf(string field) => field.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? field[..colon] : null;
}
