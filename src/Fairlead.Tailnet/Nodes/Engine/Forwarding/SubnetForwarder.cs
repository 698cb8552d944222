using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;

namespace Fairlead.Tailnet.Nodes.Engine.Forwarding;

/// <summary>
/// Leads peers to networks behind this node: connections and datagram flows to addresses that are not the node's own go on over the system's
/// sockets. Which addresses those may be, the packet filter has decided. What there can be of each is divided fairly among peers.
/// </summary>
internal sealed class SubnetForwarder : IDisposable
{
    /// <summary>Connections at a time; each takes a descriptor.</summary>
    private const int MaxConnections = 4096;

    /// <summary>Connections with which each may have a large buffer while it copies, so that all of them together take 32 MiB.</summary>
    private const int FewConnections = 256;

    private const int LargeBuffer = 64 * 1024;

    /// <summary>With which thousands of connections that are stuck take no more.</summary>
    private const int SmallBuffer = 8 * 1024;

    /// <summary>
    /// A peer that is gone does not say so: it is asked after two minutes of silence, and given up after another. The host behind this node
    /// is asked alike, by the system.
    /// </summary>
    private static readonly TcpConnectionOptions Inside = new() { KeepAliveTime = ForwardedConnection.KeepAliveTime };

    private readonly NetworkStack _stack;
    private readonly Func<IPAddress, object?> _peerOf;
    private readonly TimeProvider _time;
    private readonly FairShares _connections = new(MaxConnections);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;

    /// <param name="peerOf">The peer that an address is behind; peers are told apart by equality. Null if none is.</param>
    public SubnetForwarder(NetworkStack stack, Func<IPAddress, object?> peerOf, TimeProvider time)
    {
        _stack = stack;
        _peerOf = peerOf;
        _time = time;
        _stop = _stopping.Token;
        stack.AcceptsAnyDestination = true;
        stack.TcpFallback = Decide;
        stack.UdpFallback = (remote, local) => IsBehind(local) && peerOf(remote.Address) is { } peer ? UdpFlowVerdict.Accept(Forward, peer) : UdpFlowVerdict.Reject;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stack.TcpFallback = null;
        _stack.UdpFallback = null;
        _stopping.Dispose();
    }

    private bool IsBehind(IPEndPoint local) => !_stack.Addresses.Contains(local.Address);

    private TcpFlowVerdict Decide(IPEndPoint remote, IPEndPoint local) =>
        IsBehind(local) && _peerOf(remote.Address) is { } peer && _connections.HasRoom(peer)
            ? TcpFlowVerdict.Accept(connection => _ = ForwardAsync(connection, peer), Inside, peer)
            : TcpFlowVerdict.Reject;

    private async Task ForwardAsync(TcpConnection connection, object peer)
    {
        // There was room when the handshake began.
        if (!_connections.TryTake(peer))
        {
            connection.Abort();
            return;
        }

        try
        {
            using var forwarded = new ForwardedConnection(connection, _connections.Taken <= FewConnections ? LargeBuffer : SmallBuffer, _time, _stop);
            await forwarded.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _connections.GiveBack(peer);
        }
    }

    private void Forward(UdpSocket flow) => _ = ForwardAsync(flow);

    private async Task ForwardAsync(UdpSocket flow)
    {
        using var forwarded = new ForwardedDatagrams(flow, _time, _stop);
        await forwarded.RunAsync().ConfigureAwait(false);
    }
}
