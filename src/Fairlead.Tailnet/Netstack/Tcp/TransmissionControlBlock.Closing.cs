using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>From ESTABLISHED to nothing.</content>
internal sealed partial class TransmissionControlBlock
{
    // RFC 5961 section 7 asks for a limit; a count per connection gives nothing away about others.
    private const int ChallengesPerSecond = 10;

    private SocketError? _error;
    private long _challengeSecond;
    private int _challenges;
    private bool _disposed;
    private bool _endOfStream;
    private ClosedSignal? _closed;

    /// <summary>Completes when the connection is over: all sent and acknowledged in both directions, or failed.</summary>
    public Task Closed
    {
        get
        {
            lock (Gate)
            {
                if (_closed is null && _state is (TcpState.Closed or TcpState.TimeWait))
                {
                    return Task.CompletedTask;
                }

                _closed ??= new ClosedSignal();
                return _closed.Task;
            }
        }
    }

    public TimeSpan? Linger => _options.Linger;

    /// <summary>The FIN goes out after all that was written.</summary>
    public void CloseWrite()
    {
        bool flush;
        lock (Gate)
        {
            RequestClose();
            flush = Leave();
        }

        if (flush)
        {
            Layer.Flush();
        }
    }

    /// <summary>The application lets go of the connection.</summary>
    public void Close()
    {
        bool flush;
        lock (Gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            var now = Layer.Clock.Now;
            if (_state is TcpState.Closed or TcpState.TimeWait)
            {
                _receiveBuffer.Clear();
            }
            else if (_receiveBuffer.Unread > 0 || _options.Linger == TimeSpan.Zero)
            {
                // What was received and not read is lost, and the peer should know (RFC 9293 section 3.6.1).
                Abort();
            }
            else
            {
                if (_options.Linger is { } linger)
                {
                    _lingerAt = now + StackClock.From(linger);
                }
                else if (_state == TcpState.FinWait2)
                {
                    _lingerAt = now + FinWait2Timeout;
                }

                RequestClose();
            }

            WakeReader();
            WakeWriter();
            flush = Leave();
        }

        if (flush)
        {
            Layer.Flush();
        }
    }

    /// <summary>Resets the connection.</summary>
    public void Reset()
    {
        bool flush;
        lock (Gate)
        {
            Abort();
            flush = Leave();
        }

        if (flush)
        {
            Layer.Flush();
        }
    }

    public override void Drop(SocketError reason)
    {
        lock (Gate)
        {
            if (_state is not (TcpState.Closed or TcpState.TimeWait))
            {
                if (_state != TcpState.SynSent)
                {
                    SendReset(_sendNext);
                }

                Fail(reason);
            }

            Leave();
        }
    }

    private void RequestClose()
    {
        if (_closeRequested || _state is TcpState.Closed or TcpState.TimeWait)
        {
            return;
        }

        _closeRequested = true;
        WakeWriter();
        Output(Layer.Clock.Now);
    }

    private void ProcessFinAcknowledged(long now)
    {
        switch (_state)
        {
            case TcpState.FinWait1:
                _state = TcpState.FinWait2;
                if (_disposed && _lingerAt == StackClock.Never)
                {
                    _lingerAt = now + FinWait2Timeout;
                }

                break;
            case TcpState.Closing:
                EnterTimeWait(now);
                break;
            case TcpState.LastAck:
                Finish(TcpState.Closed);
                break;
        }
    }

    private void EnterTimeWait(long now)
    {
        SendAcknowledgement(now);
        var rest = new TimeWaitFlow(Layer, Key, _sendNext, _receiveNext, _timestamps, _timestampRecent, _timestampOffset);
        Layer.TimeWait.Enter(this, rest, now);
        Finish(TcpState.TimeWait);
    }

    /// <summary>RFC 9293 section 3.10.5.</summary>
    private void Abort()
    {
        if (_state is TcpState.Closed or TcpState.TimeWait)
        {
            return;
        }

        if (_state is not TcpState.SynSent)
        {
            SendReset(_sendNext);
        }

        Fail(SocketError.OperationAborted);
    }

    private void Fail(SocketError reason)
    {
        if (_state is TcpState.Closed or TcpState.TimeWait)
        {
            return;
        }

        _error = reason;
        _receiveBuffer.Clear();
        Finish(TcpState.Closed);
    }

    private void Finish(TcpState state)
    {
        var halfOpen = _state == TcpState.SynReceived;
        _state = state;
        _retransmitAt = _reorderAt = _acknowledgeAt = _lingerAt = _releaseAt = StackClock.Never;
        _retransmitPurpose = RetransmitPurpose.None;
        _sendBuffer.Clear();
        _sent.Clear();
        _inFlight = _lostBytes = 0;
        Layer.Remove(this);
        if (halfOpen)
        {
            _listener?.HandshakeEnded();
            if (_forwarded is not null)
            {
                Layer.ForwardedHandshakeEnded(_forwarded);
            }
        }

        _listener = null;
        _forwarded = null;
        _opening?.Fail(_error ?? SocketError.OperationAborted);
        _opening = null;
        if (_closed is not null)
        {
            Layer.Work.Run(_closed);
        }

        WakeReader();
        WakeWriter();
    }

    /// <summary>An acknowledgement that asks a peer, or one who plays the peer, to show that it knows the numbers (RFC 5961).</summary>
    private void Challenge(long now)
    {
        if (now - _challengeSecond >= StackClock.Second)
        {
            _challengeSecond = now;
            _challenges = 0;
        }

        if (_challenges++ < ChallengesPerSecond)
        {
            SendAcknowledgement(now);
        }
    }
}
