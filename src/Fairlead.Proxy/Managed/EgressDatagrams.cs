using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.Proxy.Managed;

/// <summary>Carries datagrams from the cluster on over the tailnet, and the answers back to who asked: a flow for each client.</summary>
internal sealed class EgressDatagrams(TailnetNode node, Func<ImmutableArray<IPEndPoint>> targets, TimeProvider time)
{
    /// <summary>Clients at a time on one port; datagrams of more are dropped.</summary>
    private const int MaxFlows = 4096;

    private readonly ConcurrentDictionary<EndPoint, DatagramRelay> _flows = [];

    /// <summary>Ends when it is cancelled.</summary>
    public async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                // A port on which nothing happens holds no buffer.
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, stopping).ConfigureAwait(false);
                await CarryAsync(socket, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The port is no more.
        }
    }

    private async Task CarryAsync(Socket socket, CancellationToken stopping)
    {
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, any, stopping).ConfigureAwait(false);
            FlowOf(socket, received.RemoteEndPoint, stopping)?.Send(buffer.AsSpan(0, received.ReceivedBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private DatagramRelay? FlowOf(Socket socket, EndPoint client, CancellationToken stopping)
    {
        if (_flows.TryGetValue(client, out var known))
        {
            return known;
        }

        if (_flows.Count >= MaxFlows || targets() is not [var target, ..])
        {
            return null;
        }

        var own = target.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        try
        {
            var flow = new DatagramRelay(node.ListenUdp(new IPEndPoint(own, 0), target), time, stopping);
            _flows[client] = flow;
            _ = AnswerAsync(flow, socket, client);
            return flow;
        }
        catch (SocketException)
        {
            // The node has no address of that family, or no port left just now.
            return null;
        }
    }

    private async Task AnswerAsync(DatagramRelay flow, Socket socket, EndPoint client)
    {
        using (flow)
        {
            await flow.RunAsync((datagram, cancellationToken) => socket.SendToAsync(datagram, SocketFlags.None, client, cancellationToken)).ConfigureAwait(false);
            _flows.TryRemove(client, out _);
        }
    }
}
