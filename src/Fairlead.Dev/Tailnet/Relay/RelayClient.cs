using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>One connected node: its key, what waits for it, and whom it has written to.</summary>
internal sealed class RelayClient : IDisposable
{
    // A node talks to its tailnet's peers; whoever names more keys than this is not told of all their departures.
    private const int MaxRemembered = 4096;

    private readonly Channel<RelayFrame> _queue;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closed;
    private readonly HashSet<NodePublicKey> _writtenTo = [];
    private long _lastWrite;

    public RelayClient(NodePublicKey node, RelayServerOptions options, RelayTally tally, CancellationToken ct)
    {
        Node = node;
        _time = options.Time;
        _closed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _lastWrite = _time.GetTimestamp();
        _queue = Channel.CreateBounded<RelayFrame>(
            new BoundedChannelOptions(options.QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            frame =>
            {
                Interlocked.Increment(ref tally.PacketsOverrun);
                frame.Return();
            });
    }

    public NodePublicKey Node { get; }

    /// <summary>Whether the node calls this relay its home.</summary>
    public bool IsHome { get; set; }

    /// <summary>Ends when the connection is to end.</summary>
    public CancellationToken Closed => _closed.Token;

    public TimeSpan SinceLastWrite => _time.GetElapsedTime(Volatile.Read(ref _lastWrite));

    /// <summary>Whom the node has sent packets to. Read it only after its reading has ended.</summary>
    public IReadOnlyCollection<NodePublicKey> WrittenTo => _writtenTo;

    public void NoteWrittenTo(NodePublicKey node)
    {
        if (_writtenTo.Count < MaxRemembered)
            _writtenTo.Add(node);
    }

    /// <summary>Gives a frame to the node. The buffer is no longer the caller's.</summary>
    public void Enqueue(RelayFrame frame)
    {
        if (!_queue.Writer.TryWrite(frame))
            frame.Return();
    }

    public void EnqueuePeerGone(NodePublicKey node, DerpPeerGoneReason reason)
    {
        var buffer = RelayFrame.Rent(DerpFrameWriter.PacketHeaderSize + 1);
        Enqueue(new RelayFrame(buffer, DerpFrameWriter.PeerGone(buffer, node, reason)));
    }

    public void EnqueuePong(ulong token)
    {
        var buffer = RelayFrame.Rent(DerpProtocol.HeaderSize + DerpProtocol.PingSize);
        Enqueue(new RelayFrame(buffer, DerpFrameWriter.Pong(buffer, token)));
    }

    public void EnqueueKeepAlive()
    {
        var buffer = RelayFrame.Rent(DerpProtocol.HeaderSize);
        Enqueue(new RelayFrame(buffer, DerpFrameWriter.KeepAlive(buffer)));
    }

    public void EnqueueRestarting(TimeSpan reconnectIn, TimeSpan tryFor)
    {
        var buffer = RelayFrame.Rent(64);
        Enqueue(new RelayFrame(buffer, DerpFrameWriter.Restarting(buffer, reconnectIn, tryFor)));
    }

    public void EnqueueHealth(string problem)
    {
        var buffer = RelayFrame.Rent(1024);
        Enqueue(new RelayFrame(buffer, DerpFrameWriter.Health(buffer, problem)));
    }

    /// <summary>Writes what is enqueued until the connection ends; one flush for all that waits.</summary>
    public async Task WriteAsync(PipeWriter output)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(Closed))
            {
                while (_queue.Reader.TryRead(out var frame))
                {
                    if (frame.NotBefore > _time.GetTimestamp())
                    {
                        await output.FlushAsync(Closed);
                        await Task.Delay(_time.GetElapsedTime(_time.GetTimestamp(), frame.NotBefore), _time, Closed);
                    }

                    output.Write(frame.Bytes);
                    frame.Return();
                    if (output.UnflushedBytes >= 64 << 10)
                        await output.FlushAsync(Closed);
                }

                Volatile.Write(ref _lastWrite, _time.GetTimestamp());
                await output.FlushAsync(Closed);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other side is gone, or we are to go.
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Lets what is enqueued go out, then ends.</summary>
    public void Finish() => _queue.Writer.TryComplete();

    public void Close()
    {
        _queue.Writer.TryComplete();
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    public void Dispose()
    {
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out var frame))
            frame.Return();
        _closed.Dispose();
    }
}
