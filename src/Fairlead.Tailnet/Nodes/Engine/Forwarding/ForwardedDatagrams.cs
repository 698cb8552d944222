using System.Buffers;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Udp;

namespace Fairlead.Tailnet.Nodes.Engine.Forwarding;

/// <summary>A flow of a peer's datagrams, carried on to another host, and the answers back.</summary>
internal sealed class ForwardedDatagrams : IDisposable
{
    /// <summary>RFC 4787, REQ-5: a flow without packets for two minutes is over.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    private readonly UdpSocket _inside;
    private readonly FlowRoute _route;
    private readonly CancellationTokenSource _ended;
    private readonly IdleLimit _idle;

    public ForwardedDatagrams(UdpSocket inside, FlowRoute route, TimeProvider time, CancellationToken stop)
    {
        _inside = inside;
        _route = route;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _idle = new IdleLimit(time, Idle, _ended);
    }

    /// <summary>Ends when the flow is idle or is ended by the stack, or its host refuses it; never fails itself.</summary>
    public async Task RunAsync()
    {
        try
        {
            using var outside = _route.NewSocket(SocketType.Dgram, ProtocolType.Udp);
            await outside.ConnectAsync(_route.Destination, _ended.Token).ConfigureAwait(false);
            await Task.WhenAll(EndAfterAsync(OutAsync(outside)), EndAfterAsync(BackAsync(outside))).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The flow is over, or the system has no socket left for it.
        }
    }

    public void Dispose()
    {
        _idle.Dispose();
        _inside.Dispose();
        _ended.Dispose();
    }

    /// <summary>Either way without the other is of no use.</summary>
    private async Task EndAfterAsync(Task way)
    {
        try
        {
            await way.ConfigureAwait(false);
        }
        finally
        {
            await _ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task OutAsync(Socket outside)
    {
        while (true)
        {
            // A flow on which nothing happens holds no buffer.
            await _inside.ReceiveAsync(Memory<byte>.Empty, _ended.Token).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
            try
            {
                var received = await _inside.ReceiveAsync(buffer, _ended.Token).ConfigureAwait(false);
                await outside.SendAsync(buffer.AsMemory(0, received.Length), _ended.Token).ConfigureAwait(false);
                _idle.Used();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async Task BackAsync(Socket outside)
    {
        while (true)
        {
            await outside.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, _ended.Token).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
            try
            {
                var length = await outside.ReceiveAsync(buffer, _ended.Token).ConfigureAwait(false);
                _inside.Send(buffer.AsSpan(0, length));
                _idle.Used();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
