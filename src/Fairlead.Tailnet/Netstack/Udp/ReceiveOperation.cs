using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>A receive that waits for a datagram.</summary>
internal sealed class ReceiveOperation(UdpSocket socket, WorkQueue work) : PendingOperation(socket.Gate, work), IValueTaskSource<UdpReceipt>
{
    private ManualResetValueTaskSourceCore<UdpReceipt> _core;
    private Memory<byte> _buffer;

    /// <summary>Under the socket's lock.</summary>
    public ValueTask<UdpReceipt> Start(Memory<byte> buffer, CancellationToken cancellation)
    {
        _core.Reset();
        _buffer = buffer;
        var task = new ValueTask<UdpReceipt>(this, _core.Version);
        Begin(cancellation);
        return task;
    }

    public override void Execute()
    {
        UdpReceipt receipt;
        Exception? error = null;
        CancellationTokenRegistration registration;
        lock (socket.Gate)
        {
            if (IsCancelled)
            {
                receipt = default;
                error = new OperationCanceledException(Token);
            }
            else if (!socket.TryReceive(_buffer.Span, out receipt, out var failure))
            {
                WaitOn();
                return;
            }
            else if (failure is { } reason)
            {
                error = new SocketException((int)reason);
            }

            _buffer = default;
            registration = End();
        }

        registration.Dispose();
        if (error is null)
        {
            _core.SetResult(receipt);
        }
        else
        {
            _core.SetException(error);
        }
    }

    UdpReceipt IValueTaskSource<UdpReceipt>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<UdpReceipt>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<UdpReceipt>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
