using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Names;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>Asks DNS servers that are hosts of the tailnet over the tailnet, and others over the system's network.</summary>
internal sealed class TailnetDnsTransport(NodeEngine engine, IDnsTransport system) : IDnsTransport
{
    public Task<byte[]> ExchangeAsync(string server, ReadOnlyMemory<byte> query, CancellationToken cancellationToken) =>
        engine.Host.HasStack && DnsServerAddress.Parse(server) is { } endPoint && engine.Map is { } map && engine.Routes.Reaches(map, endPoint.Address)
            ? ExchangeAsync(endPoint, query, cancellationToken)
            : system.ExchangeAsync(server, query, cancellationToken);

    private async Task<byte[]> ExchangeAsync(IPEndPoint server, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        using var socket = engine.Stack.BindUdp(new IPEndPoint(server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), server);
        socket.Send(query.Span);
        var buffer = new byte[DnsMessage.MaxUdpSize];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (!DnsExchange.IsAnswerTo(query.Span, buffer.AsSpan(0, received.Length)))
            {
                continue;
            }

            if (!DnsExchange.IsTruncated(buffer))
            {
                return buffer[..received.Length];
            }

            var stream = await engine.ConnectTcpAsync(server, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                return await DnsExchange.OverStreamAsync(stream, query, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
