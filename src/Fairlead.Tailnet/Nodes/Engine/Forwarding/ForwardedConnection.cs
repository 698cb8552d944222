using System.Buffers;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Nodes.Engine.Forwarding;

/// <summary>A connection of a peer, carried on to another host.</summary>
internal sealed class ForwardedConnection : IDisposable
{
    /// <summary>Either end is asked whether it is there.</summary>
    public static readonly TcpConnectionOptions Options = TcpConnectionOptions.KeptAlive;

    /// <summary>
    /// Both ends are there and say nothing. A NAT may forget them after 2 hours and 4 minutes (RFC 5382, REQ-5), which their own keep-alives
    /// prevent; here these end on the way, and so an idle terminal must outlive a night.
    /// </summary>
    private static readonly TimeSpan OpenIdle = TimeSpan.FromHours(24);

    /// <summary>One end has said its last, and the other, which may still answer, nothing since. NATs wait for 4 minutes (RFC 5382, REQ-5).</summary>
    private static readonly TimeSpan HalfClosedIdle = TimeSpan.FromHours(1);

    private readonly TcpConnection _inside;
    private readonly FlowRoute _route;
    private readonly int _bufferSize;
    private readonly CancellationTokenSource _ended;
    private readonly IdleLimit _idle;

    /// <param name="bufferSize">Bytes that are copied at a time.</param>
    public ForwardedConnection(TcpConnection inside, FlowRoute route, int bufferSize, TimeProvider time, CancellationToken stop)
    {
        _inside = inside;
        _route = route;
        _bufferSize = bufferSize;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _idle = new IdleLimit(time, OpenIdle, _ended);
    }

    /// <summary>Ends when both sides are done, or either fails; never fails itself.</summary>
    public async Task RunAsync()
    {
        try
        {
            using var socket = _route.NewSocket(SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true;
            SystemKeepAlive.Use(Options, socket);
            await socket.ConnectAsync(_route.Destination, _ended.Token).ConfigureAwait(false);
            using var outside = new NetworkStream(socket);
            await Task.WhenAll(
                CopyAsync(_inside, outside, () => socket.Shutdown(SocketShutdown.Send)),
                CopyAsync(outside, _inside, _inside.CloseWrite)).ConfigureAwait(false);
            await _inside.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other end learns it as it would from the host itself.
            _inside.Abort();
        }
    }

    public void Dispose()
    {
        _idle.Dispose();
        _ended.Dispose();
    }

    private async Task CopyAsync(Stream from, Stream to, Action end)
    {
        try
        {
            while (await CopySomeAsync(from, to).ConfigureAwait(false))
            {
                _idle.Used();
            }

            end();
            _idle.ShortenTo(HalfClosedIdle);
        }
        catch
        {
            await _ended.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <returns>False at the end.</returns>
    private async Task<bool> CopySomeAsync(Stream from, Stream to)
    {
        // A connection on which nothing happens holds no buffer.
        await from.ReadAsync(Memory<byte>.Empty, _ended.Token).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(_bufferSize);
        try
        {
            var length = await from.ReadAsync(buffer.AsMemory(0, _bufferSize), _ended.Token).ConfigureAwait(false);
            await to.WriteAsync(buffer.AsMemory(0, length), _ended.Token).ConfigureAwait(false);
            return length > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
