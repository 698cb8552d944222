using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Relaying;

/// <summary>
/// Carries bytes between two streams, both ways, until both have ended. The end of one direction is passed on where streams can, and so is a
/// reset: an end that was cut off must not look like one that was meant.
/// </summary>
public sealed class StreamRelay
{
    /// <summary>
    /// Both ends are there and say nothing. A NAT may forget them after 2 hours and 4 minutes (RFC 5382, REQ-5), which their own keep-alives
    /// prevent; here these end on the way, and so an idle terminal must outlive a night.
    /// </summary>
    private static readonly TimeSpan OpenIdle = TimeSpan.FromHours(24);

    /// <summary>One end has said its last, and the other, which may still answer, nothing since. NATs wait for 4 minutes (RFC 5382, REQ-5).</summary>
    private static readonly TimeSpan HalfClosedIdle = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _broken;
    private readonly IdleLimit _idle;
    private readonly int _bufferSize;
    private volatile bool _isOver;

    private StreamRelay(CancellationTokenSource broken, IdleLimit idle, int bufferSize)
    {
        _broken = broken;
        _idle = idle;
        _bufferSize = bufferSize;
    }

    /// <inheritdoc cref="RunAsync(Stream, Stream, StreamRelayOptions, CancellationToken)"/>
    public static Task<bool> RunAsync(Stream one, Stream other, CancellationToken cancellationToken) =>
        RunAsync(one, other, new StreamRelayOptions(), cancellationToken);

    /// <summary>
    /// Ends when both directions have, or either fails, or nothing happens for long, or it is cancelled; never fails itself. The streams stay
    /// the caller's to dispose of.
    /// </summary>
    /// <returns>
    /// Whether it ended in order. Otherwise connections, and streams of sockets, have been reset; of others, whoever made them has to see to it.
    /// </returns>
    public static async Task<bool> RunAsync(Stream one, Stream other, StreamRelayOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(options);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var idle = new IdleLimit(options.Time, OpenIdle, broken);
        var relay = new StreamRelay(broken, idle, options.BufferSize);
        await Task.WhenAll(relay.CopyAsync(one, other), relay.CopyAsync(other, one)).ConfigureAwait(false);
        if (broken.IsCancellationRequested && !relay._isOver)
        {
            Reset(one);
            Reset(other);
            return false;
        }

        return true;
    }

    private static void Reset(Stream stream)
    {
        try
        {
            switch (stream)
            {
                case TcpConnection connection:
                    connection.Abort();
                    break;
                case NetworkStream network:
                    // Without lingering a socket's end is a reset; a stream that owns it would end it in order first.
                    network.Socket.LingerState = new LingerOption(true, 0);
                    network.Socket.Dispose();
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    private async Task CopyAsync(Stream from, Stream to)
    {
        try
        {
            while (await CopySomeAsync(from, to).ConfigureAwait(false))
            {
                _idle.Used();
            }

            if (await TryEndAsync(to).ConfigureAwait(false))
            {
                _idle.ShortenTo(HalfClosedIdle);
                return;
            }

            // What still comes the other way is lost, as with any proxy over such a stream.
            _isOver = true;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Told below, to the other direction too.
        }

        await _broken.CancelAsync().ConfigureAwait(false);
    }

    /// <returns>False at the end.</returns>
    private async Task<bool> CopySomeAsync(Stream from, Stream to)
    {
        // One on which nothing happens holds no buffer, where the stream can wait without.
        await from.ReadAsync(Memory<byte>.Empty, _broken.Token).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(_bufferSize);
        try
        {
            var length = await from.ReadAsync(buffer.AsMemory(0, _bufferSize), _broken.Token).ConfigureAwait(false);

            // Before the other end can tell, and again when it has taken all, which may be much later.
            _idle.Used();
            await to.WriteAsync(buffer.AsMemory(0, length), _broken.Token).ConfigureAwait(false);
            return length > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Tells a stream's other end that no more comes.</summary>
    /// <returns>False if this stream cannot.</returns>
    private async Task<bool> TryEndAsync(Stream to)
    {
        switch (to)
        {
            case TcpConnection connection:
                connection.CloseWrite();
                return true;
            case NetworkStream network:
                network.Socket.Shutdown(SocketShutdown.Send);
                return true;
            case SslStream secure:
                // close_notify (RFC 8446, 6.1): the other end can tell the end from a cut.
                await secure.ShutdownAsync().WaitAsync(_broken.Token).ConfigureAwait(false);
                return true;
            case IHalfClosingStream stream:
                await stream.CloseWriteAsync(_broken.Token).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }
}
