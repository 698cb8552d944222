using System.Text;

namespace Fairlead.TailnetNodes.Proxying;

/// <summary>
/// A client's request by HTTP/1 (RFC 9110, 9.3.6; RFC 9112, 3.2): <c>CONNECT host:port</c>, or any other method with a whole URL, which is
/// sent on as the target expects it, for one request per connection.
/// </summary>
/// <param name="IsTunnel">Whether the client asked with CONNECT and waits for a yes.</param>
/// <param name="Said">What the target is told first: a rewritten head, and what the client sent with it.</param>
internal sealed record HttpProxyRequest(string Host, int Port, bool IsTunnel, ReadOnlyMemory<byte> Said) : IProxyRequest
{
    /// <param name="first">The first byte, already read.</param>
    /// <exception cref="ProxyRefusedException">It is no such request; the client was told.</exception>
    public static async Task<HttpProxyRequest> ReadAsync(Stream client, byte first, CancellationToken cancellationToken)
    {
        var buffer = new byte[HttpProxyHead.MaxLength];
        buffer[0] = first;
        var filled = 1;
        while (true)
        {
            var read = await client.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("The client left within its request.");
            }

            // The end may lie across two reads.
            var searched = Math.Max(0, filled - HttpProxyHead.End.Length + 1);
            filled += read;
            var end = buffer.AsSpan(searched, filled - searched).IndexOf(HttpProxyHead.End);
            if (end >= 0)
            {
                var length = searched + end + HttpProxyHead.End.Length;
                return HttpProxyHead.TryParse(buffer.AsSpan(0, length), buffer.AsSpan(length, filled - length))
                    ?? throw await RefusedAsync(client, "400 Bad Request", cancellationToken).ConfigureAwait(false);
            }

            if (filled == buffer.Length)
            {
                throw await RefusedAsync(client, "431 Request Header Fields Too Large", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async Task AcceptAsync(Stream client, Stream target, CancellationToken cancellationToken)
    {
        if (IsTunnel)
        {
            await client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        await target.WriteAsync(Said, cancellationToken).ConfigureAwait(false);
    }

    public Task RefuseAsync(Stream client, string reason, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes($"{reason}\n");
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        return client.WriteAsync((byte[])[.. head, .. body], cancellationToken).AsTask();
    }

    private static async Task<ProxyRefusedException> RefusedAsync(Stream client, string status, CancellationToken cancellationToken)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancellationToken).ConfigureAwait(false);
        return new ProxyRefusedException(status);
    }
}
