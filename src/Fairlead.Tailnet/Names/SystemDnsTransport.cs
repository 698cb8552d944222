using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Names;

/// <summary>Asks DNS servers over the system's own network: UDP, TCP where an answer does not fit, HTTPS where the server is a URL.</summary>
internal sealed class SystemDnsTransport(HttpMessageInvoker http) : IDnsTransport
{
    private const string MediaType = "application/dns-message";

    public async Task<byte[]> ExchangeAsync(string server, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        if (server.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return await OverHttpsAsync(server, query, cancellationToken).ConfigureAwait(false);
        }

        var endPoint = DnsServerAddress.Parse(server) ?? throw new IOException($"'{server}' is no DNS server's address.");
        var answer = await OverUdpAsync(endPoint, query, cancellationToken).ConfigureAwait(false);
        return DnsExchange.IsTruncated(answer) ? await OverTcpAsync(endPoint, query, cancellationToken).ConfigureAwait(false) : answer;
    }

    private static async Task<byte[]> OverUdpAsync(IPEndPoint server, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(query, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (DnsExchange.IsAnswerTo(query.Span, buffer.AsSpan(0, length)))
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]> OverTcpAsync(IPEndPoint server, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        using var stream = new NetworkStream(socket);
        return await DnsExchange.OverStreamAsync(stream, query, cancellationToken).ConfigureAwait(false);
    }

    private async Task<byte[]> OverHttpsAsync(string url, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var server))
        {
            throw new IOException($"'{url}' is no DNS server's URL.");
        }

        // RFC 8484, 4.1: identifier 0 makes answers cacheable; the asker's own is put back.
        var anonymous = query.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(anonymous, 0);
        using var request = new HttpRequestMessage(HttpMethod.Post, server) { Content = new ByteArrayContent(anonymous), Version = HttpVersion.Version20 };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentLength > ushort.MaxValue)
            {
                throw new IOException($"The DNS server {url} answers with HTTP status {(int)response.StatusCode}.");
            }

            var answer = new MemoryStream();
            await response.Content.LoadIntoBufferAsync(ushort.MaxValue, cancellationToken).ConfigureAwait(false);
            await response.Content.CopyToAsync(answer, cancellationToken).ConfigureAwait(false);
            var bytes = answer.ToArray();
            if (!DnsExchange.IsAnswerTo(anonymous, bytes))
            {
                throw new IOException($"What the DNS server {url} sends is no answer to the question.");
            }

            query.Span[..2].CopyTo(bytes);
            return bytes;
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"The DNS server {url} cannot be asked: {e.Message}", e);
        }
    }
}
