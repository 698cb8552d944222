using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>Reading and writing.</content>
internal sealed partial class TransmissionControlBlock
{
    private const int LeastSendLimit = 256 * 1024;

    private ReadOperation? _read;
    private WriteOperation? _write;

    /// <summary>Bytes that wait for acknowledgement, and those it takes to remember their segments: many times more, if they are small.</summary>
    private int Unacknowledged => _sendBuffer.Length + (_sent.Count * SentSegment.Size);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        ValueTask<int> result;
        bool flush;
        lock (Gate)
        {
            ThrowIfBusy(_read);
            if (!TryRead(buffer.Span, out var count, out var failure))
            {
                _read ??= new ReadOperation(this);
                result = _read.Start(buffer, cancellation);
            }
            else
            {
                result = failure is { } reason ? ValueTask.FromException<int>(TcpErrors.Create(reason)) : ValueTask.FromResult(count);
            }

            flush = Leave();
        }

        if (flush)
        {
            Layer.Flush();
        }

        return result;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        ValueTask result;
        bool flush;
        lock (Gate)
        {
            ThrowIfBusy(_write);
            if (!TryWrite(buffer.Span, out var written, out var failure) || written < buffer.Length)
            {
                if (failure is { } reason)
                {
                    result = ValueTask.FromException(TcpErrors.Create(reason));
                }
                else
                {
                    _write ??= new WriteOperation(this);
                    result = _write.Start(buffer[written..], cancellation);
                }
            }
            else
            {
                result = ValueTask.CompletedTask;
            }

            flush = Leave();
        }

        if (flush)
        {
            Layer.Flush();
        }

        return result;
    }

    /// <summary>Reads what is there; under the lock.</summary>
    /// <returns>False if there is nothing to tell yet.</returns>
    public bool TryRead(Span<byte> destination, out int count, out SocketError? failure)
    {
        failure = null;
        count = 0;
        if (_receiveBuffer.Unread > 0)
        {
            if (!destination.IsEmpty)
            {
                count = _receiveBuffer.Read(destination);
                AfterRead(count, Layer.Clock.Now);
            }

            return true;
        }

        if (_endOfStream)
        {
            return true;
        }

        failure = _error ?? (_disposed ? SocketError.OperationAborted : null);
        return failure is not null;
    }

    /// <summary>Takes as much as there is room for; under the lock.</summary>
    /// <returns>False if there is no room.</returns>
    public bool TryWrite(ReadOnlySpan<byte> source, out int written, out SocketError? failure)
    {
        written = 0;
        failure = _error
            ?? (_disposed ? SocketError.OperationAborted
                : _closeRequested || _state is TcpState.Closed or TcpState.TimeWait ? SocketError.Shutdown : null);
        if (failure is not null)
        {
            return true;
        }

        written = Math.Min(source.Length, Math.Max(0, SendLimit() - Unacknowledged));
        if (written == 0)
        {
            return source.IsEmpty;
        }

        _sendBuffer.Append(source[..written]);
        Output(Layer.Clock.Now);
        return true;
    }

    private static void ThrowIfBusy(PendingOperation? operation)
    {
        if (operation is { IsActive: true })
        {
            throw new InvalidOperationException("An operation of this direction is under way: a connection takes one read and one write at a time.");
        }
    }

    /// <summary>What may wait for acknowledgement: twice what the path takes in a round trip, so that it never runs dry.</summary>
    private int SendLimit() =>
        Layer.Budget.IsExhausted
            ? PressedLimit
            : (int)Math.Min(_options.MaxSendBuffer, Math.Max(LeastSendLimit, 2 * _congestion.Window));

    private void WakeReader()
    {
        if (_read is { IsWaiting: true } && (_receiveBuffer.Unread > 0 || _endOfStream || _error is not null || _disposed))
        {
            _read.Wake();
        }
    }

    private void WakeWriter()
    {
        if (_write is not { IsWaiting: true })
        {
            return;
        }

        // Not for every few bytes: a quarter of the room at once is cheaper and comes early enough.
        var limit = SendLimit();
        if (_error is not null || _closeRequested || _state is TcpState.Closed or TcpState.TimeWait
            || limit - Unacknowledged >= Math.Min(_write.Remaining, limit / 4))
        {
            _write.Wake();
        }
    }
}
