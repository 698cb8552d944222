using System.Threading.Tasks.Sources;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>A read that waits for data, the peer's end, or an error.</summary>
internal sealed class ReadOperation(TransmissionControlBlock block) : PendingOperation(block.Gate, block.Layer.Work), IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _core;
    private Memory<byte> _buffer;

    /// <summary>Under the block's lock.</summary>
    public ValueTask<int> Start(Memory<byte> buffer, CancellationToken cancellation)
    {
        _core.Reset();
        _buffer = buffer;
        var task = new ValueTask<int>(this, _core.Version);
        Begin(cancellation);
        return task;
    }

    public override void Execute()
    {
        int count;
        Exception? error = null;
        CancellationTokenRegistration registration;
        bool flush;
        lock (block.Gate)
        {
            if (IsCancelled)
            {
                count = 0;
                error = new OperationCanceledException(Token);
            }
            else if (!block.TryRead(_buffer.Span, out count, out var failure))
            {
                WaitOn();
                return;
            }
            else if (failure is { } reason)
            {
                error = TcpErrors.Create(reason);
            }

            _buffer = default;
            registration = End();
            flush = block.Leave();
        }

        if (flush)
        {
            block.Layer.Flush();
        }

        registration.Dispose();
        if (error is null)
        {
            _core.SetResult(count);
        }
        else
        {
            _core.SetException(error);
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
