using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Relaying;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Managed;

/// <summary>Carries datagrams from the cluster on over the tailnet, and the answers back to who asked: a flow for each client.</summary>
internal sealed partial class EgressDatagrams(TailnetNode node, Func<ImmutableArray<IPEndPoint>> targets, TimeProvider time, ILogger logger)
{
    /// <summary>Clients at a time on one port; each takes a socket of the node.</summary>
    private const int MaxFlows = 4096;

    private static readonly TimeSpan ReceiveRetry = TimeSpan.FromMilliseconds(100);

    private readonly FlowTable<Flow> _flows = new(MaxFlows, flow => _ = flow.Relay.EndAsync());

    /// <summary>Ends when it is cancelled.</summary>
    public async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                // A port on which nothing happens holds no buffer.
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, stopping).ConfigureAwait(false);
                await CarryAsync(socket, stopping).ConfigureAwait(false);
            }
            catch (SocketException e) when (!stopping.IsCancellationRequested)
            {
                // The system is short of memory, or tells of a datagram that was lost: the next may fare better.
                Log.NotReceived(logger, e.Message);
                await Task.Delay(ReceiveRetry, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
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
        var present = targets();
        if (_flows.Use(client) is { } known && present.Contains(known.Target))
        {
            return known.Relay;
        }

        if (present is not [var target, ..])
        {
            return null;
        }

        var own = target.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        try
        {
            var flow = new Flow(new DatagramRelay(node.ListenUdp(new IPEndPoint(own, 0), target), time, stopping), target);
            _flows.Put(client, flow);
            _ = AnswerAsync(flow, socket, client);
            return flow.Relay;
        }
        catch (SocketException)
        {
            // The node has no address of that family, or no port left just now.
            return null;
        }
    }

    private async Task AnswerAsync(Flow flow, Socket socket, EndPoint client)
    {
        using (flow.Relay)
        {
            await flow.Relay.RunAsync((datagram, cancellationToken) => socket.SendToAsync(datagram, SocketFlags.None, client, cancellationToken)).ConfigureAwait(false);
            _flows.Remove(client, flow);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A datagram from the cluster was not received: {Reason}")]
        public static partial void NotReceived(ILogger logger, string reason);
    }

    private sealed record Flow(DatagramRelay Relay, IPEndPoint Target);
}
