using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Managed;

/// <summary>Carries datagrams from the cluster on over the tailnet, and the answers back to who asked.</summary>
internal sealed class EgressDatagrams(TailnetNode node, Func<ImmutableArray<IPEndPoint>> targets, TimeProvider time)
{
    /// <summary>Clients at a time on one port; datagrams of more are dropped.</summary>
    private const int MaxFlows = 4096;

    /// <summary>RFC 4787, REQ-5: a flow without packets for two minutes is over.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<EndPoint, Flow> _flows = [];

    public async Task ServeAsync(Socket socket, CancellationToken stopping)
    {
        var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, any, stopping).ConfigureAwait(false);
                FlowOf(socket, received.RemoteEndPoint, stopping)?.Send(buffer.AsSpan(0, received.ReceivedBytes));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The port is no more.
        }
        finally
        {
            foreach (var flow in _flows.Values)
            {
                flow.Dispose();
            }
        }
    }

    private Flow? FlowOf(Socket socket, EndPoint client, CancellationToken stopping)
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
        var flow = new Flow(node.ListenUdp(new IPEndPoint(own, 0), target), time, Idle);
        _flows[client] = flow;
        _ = AnswerAsync(flow, socket, client, stopping);
        return flow;
    }

    private async Task AnswerAsync(Flow flow, Socket socket, EndPoint client, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(flow.Ended, stopping);
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var received = await flow.Tailnet.ReceiveAsync(buffer, either.Token).ConfigureAwait(false);
                await socket.SendToAsync(buffer.AsMemory(0, received.Length), SocketFlags.None, client, either.Token).ConfigureAwait(false);
                flow.NoteUse();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The flow is over, or the target refuses it; a new datagram begins a new one.
        }
        finally
        {
            _flows.TryRemove(client, out _);
            flow.Dispose();
        }
    }

    /// <summary>One client's way to the target, with a port of its own on the tailnet.</summary>
    private sealed class Flow : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly ITimer _timer;
        private readonly TimeSpan _idle;

        public Flow(UdpSocket tailnet, TimeProvider time, TimeSpan idle)
        {
            Tailnet = tailnet;
            _idle = idle;
            Ended = _ended.Token;
            _timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), _ended, idle, Timeout.InfiniteTimeSpan);
        }

        public UdpSocket Tailnet { get; }

        public CancellationToken Ended { get; }

        public void NoteUse() => _timer.Change(_idle, Timeout.InfiniteTimeSpan);

        public void Send(ReadOnlySpan<byte> datagram)
        {
            try
            {
                Tailnet.Send(datagram);
                NoteUse();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // As any network may, this one loses a datagram.
            }
        }

        public void Dispose()
        {
            _timer.Dispose();
            Tailnet.Dispose();
        }
    }
}
