using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.Tailnet.Nodes.Engine.Forwarding;

/// <summary>
/// Leads peers beyond this node: connections and datagram flows that nothing here listens for go on over the system's sockets. Which
/// addresses peers may ask for, the packet filter has decided. What there can be of each is divided fairly among peers.
/// </summary>
internal sealed class FlowForwarder : IDisposable
{
    /// <summary>Connections at a time; each takes a descriptor.</summary>
    private const int MaxConnections = 4096;

    /// <summary>Connections with which each may have a large buffer while it copies, so that all of them together take 32 MiB.</summary>
    private const int FewConnections = 256;

    private const int LargeBuffer = 64 * 1024;

    /// <summary>With which thousands of connections that are stuck take no more.</summary>
    private const int SmallBuffer = 8 * 1024;

    private readonly NetworkStack _stack;
    private readonly Func<IPEndPoint, FlowRoute?> _routeOf;
    private readonly Func<IPAddress, object?> _peerOf;
    private readonly TimeProvider _time;
    private readonly FairShares _connections = new(MaxConnections);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;

    /// <param name="routeOf">Where what a peer sends to an address and port goes; null to refuse it. Must not block.</param>
    /// <param name="peerOf">The peer that an address is behind; peers are told apart by equality. Null if none is.</param>
    public FlowForwarder(NetworkStack stack, Func<IPEndPoint, FlowRoute?> routeOf, Func<IPAddress, object?> peerOf, TimeProvider time)
    {
        _stack = stack;
        _routeOf = routeOf;
        _peerOf = peerOf;
        _time = time;
        _stop = _stopping.Token;
        stack.TcpFallback = Decide;
        stack.UdpFallback = DecideDatagrams;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stack.TcpFallback = null;
        _stack.UdpFallback = null;
        _stopping.Dispose();
    }

    private TcpFlowVerdict Decide(IPEndPoint remote, IPEndPoint local) =>
        _routeOf(local) is { } route && _peerOf(remote.Address) is { } peer && _connections.HasRoom(peer)
            ? TcpFlowVerdict.Accept(connection => _ = ForwardAsync(connection, route, peer), TcpConnectionOptions.KeptAlive, peer)
            : TcpFlowVerdict.Reject;

    private UdpFlowVerdict DecideDatagrams(IPEndPoint remote, IPEndPoint local) =>
        _routeOf(local) is { } route && _peerOf(remote.Address) is { } peer
            ? UdpFlowVerdict.Accept(flow => _ = ForwardedDatagrams.RunAsync(flow, route, _time, _stop), peer)
            : UdpFlowVerdict.Reject;

    private async Task ForwardAsync(TcpConnection connection, FlowRoute route, object peer)
    {
        // There was room when the handshake began.
        if (!_connections.TryTake(peer))
        {
            connection.Abort();
            return;
        }

        try
        {
            var options = new StreamRelayOptions { BufferSize = _connections.Taken <= FewConnections ? LargeBuffer : SmallBuffer, Time = _time };
            await ForwardedConnection.RunAsync(connection, route, options, _stop).ConfigureAwait(false);
        }
        finally
        {
            _connections.GiveBack(peer);
        }
    }
}
