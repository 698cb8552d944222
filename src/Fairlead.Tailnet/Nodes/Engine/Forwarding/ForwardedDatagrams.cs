using System.Buffers;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.Tailnet.Nodes.Engine.Forwarding;

/// <summary>A flow of a peer's datagrams, carried on to another host, and the answers back.</summary>
internal static class ForwardedDatagrams
{
    /// <summary>
    /// Ends when the flow is idle, its route is withdrawn, the stack ends it or its host refuses it; never fails itself. What the peer sends
    /// afterwards begins another.
    /// </summary>
    public static async Task RunAsync(UdpSocket inside, FlowRoute route, TimeProvider time, CancellationToken stop)
    {
        using var flow = new DatagramRelay(inside, time, stop, route.Withdrawn);
        try
        {
            using var outside = route.NewSocket(SocketType.Dgram, ProtocolType.Udp);
            await outside.ConnectAsync(route.Destination, flow.Ended).ConfigureAwait(false);
            var back = BackAsync(outside, flow);
            var there = flow.RunAsync((datagram, cancellationToken) => outside.SendAsync(datagram, cancellationToken));

            // Either way without the other is of no use.
            await (await Task.WhenAny(there, back).ConfigureAwait(false)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await flow.EndAsync().ConfigureAwait(false);
            await Task.WhenAll(there, back).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The flow is over, or the system has no socket left for it.
        }
    }

    private static async Task BackAsync(Socket outside, DatagramRelay flow)
    {
        while (true)
        {
            await outside.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, flow.Ended).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
            try
            {
                var length = await outside.ReceiveAsync(buffer, flow.Ended).ConfigureAwait(false);
                flow.Send(buffer.AsSpan(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
