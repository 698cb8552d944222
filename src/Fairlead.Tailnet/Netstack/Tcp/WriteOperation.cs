using System.Threading.Tasks.Sources;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>A write, the rest of which waits for room.</summary>
internal sealed class WriteOperation(TransmissionControlBlock block) : PendingOperation(block.Gate, block.Layer.Work), IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Bytes that wait for room.</summary>
    public int Remaining => _rest.Length;

    /// <summary>Under the block's lock.</summary>
    public ValueTask Start(ReadOnlyMemory<byte> rest, CancellationToken cancellation)
    {
        _core.Reset();
        _rest = rest;
        var task = new ValueTask(this, _core.Version);
        Begin(cancellation);
        return task;
    }

    public override void Execute()
    {
        Exception? error = null;
        CancellationTokenRegistration registration = default;
        bool flush, finished = true;
        lock (block.Gate)
        {
            if (IsCancelled)
            {
                error = new OperationCanceledException(Token);
            }
            else if (block.TryWrite(_rest.Span, out var written, out var failure))
            {
                error = failure is { } reason ? TcpErrors.Create(reason) : null;
                _rest = _rest[written..];
                finished = error is not null || _rest.IsEmpty;
            }
            else
            {
                finished = false;
            }

            if (finished)
            {
                _rest = default;
                registration = End();
            }
            else
            {
                WaitOn();
            }

            flush = block.Leave();
        }

        if (flush)
        {
            block.Layer.Flush();
        }

        if (!finished)
        {
            return;
        }

        registration.Dispose();
        if (error is null)
        {
            _core.SetResult(true);
        }
        else
        {
            _core.SetException(error);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
