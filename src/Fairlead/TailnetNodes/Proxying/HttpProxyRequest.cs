using System.Text;

namespace Fairlead.TailnetNodes.Proxying;

/// <summary>
/// A client's request by HTTP/1 (RFC 9110, 9.3.6; RFC 9112, 3.2): <c>CONNECT host:port</c>, or any other method with a whole URL, which is
/// sent on as the target expects it, for one request per connection.
/// </summary>
internal sealed record HttpProxyRequest(string Host, int Port, byte[]? Head) : IProxyRequest
{
    /// <summary>As common servers allow.</summary>
    private const int MaxHead = 32 * 1024;

    /// <param name="first">The first byte, already read.</param>
    /// <exception cref="ProxyRefusedException">It is no such request; the client was told.</exception>
    public static async Task<HttpProxyRequest> ReadAsync(Stream client, byte first, CancellationToken cancellationToken)
    {
        var head = new List<byte>(512) { first };
        var next = new byte[1];

        // Byte by byte, so that nothing of what follows the head is taken.
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (head.Count == MaxHead)
            {
                throw await RefusedAsync(client, "431 Request Header Fields Too Large", cancellationToken).ConfigureAwait(false);
            }

            await client.ReadExactlyAsync(next, cancellationToken).ConfigureAwait(false);
            head.Add(next[0]);
        }

        var text = Encoding.Latin1.GetString([.. head]);
        var lines = text[..^4].Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, var version] || !version.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            throw await RefusedAsync(client, "400 Bad Request", cancellationToken).ConfigureAwait(false);
        }

        if (method == "CONNECT")
        {
            return Uri.TryCreate($"tcp://{target}", UriKind.Absolute, out var authority) && authority.Port > 0
                ? new HttpProxyRequest(authority.DnsSafeHost, authority.Port, null)
                : throw await RefusedAsync(client, "400 Bad Request", cancellationToken).ConfigureAwait(false);
        }

        if (!Uri.TryCreate(target, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
        {
            throw await RefusedAsync(client, "400 Bad Request", cancellationToken).ConfigureAwait(false);
        }

        var fields = lines.Skip(1).Where(line => !IsForTheProxy(line));
        var rewritten = string.Join("\r\n", [$"{method} {url.PathAndQuery} HTTP/1.1", .. fields, "Connection: close", "", ""]);
        return new HttpProxyRequest(url.DnsSafeHost, url.Port, Encoding.Latin1.GetBytes(rewritten));
    }

    public async Task AcceptAsync(Stream client, Stream target, CancellationToken cancellationToken)
    {
        if (Head is null)
        {
            await client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await target.WriteAsync(Head, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task RefuseAsync(Stream client, string reason, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes($"{reason}\n");
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        return client.WriteAsync((byte[])[.. head, .. body], cancellationToken).AsTask();
    }

    private static bool IsForTheProxy(string line) =>
        line.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase)
        || line.StartsWith("Keep-Alive:", StringComparison.OrdinalIgnoreCase);

    private static async Task<ProxyRefusedException> RefusedAsync(Stream client, string status, CancellationToken cancellationToken)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancellationToken).ConfigureAwait(false);
        return new ProxyRefusedException(status);
    }
}
