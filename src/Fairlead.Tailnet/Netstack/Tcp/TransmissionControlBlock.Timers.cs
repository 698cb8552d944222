using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>What happens because nothing happened.</content>
internal sealed partial class TransmissionControlBlock
{
    private const int PassiveRetransmissions = 5; // RFC 9293 section 3.8.3: about half a minute in all
    private const long LargestHandshakeTimeout = 16 * StackClock.Second;
    private const long LeastProbeTimeout = 10 * StackClock.Millisecond; // below it, a busy peer would pass for a loss
    private const long MostAcknowledgementDelay = 200 * StackClock.Millisecond; // RFC 8985 section 7.2
    private const long FinWait2Timeout = 60 * StackClock.Second; // of a connection nobody holds any more

    private long _retransmitAt = StackClock.Never;
    private RetransmitPurpose _retransmitPurpose;
    private long _timeoutBase;
    private long _lastProgressAt;
    private int _handshakeRetransmissions;
    private int _keepAliveProbesSent;
    private long _lingerAt = StackClock.Never;
    private SocketError? _softError;

    internal override void OnDue(long now)
    {
        lock (Gate)
        {
            if (_state is TcpState.Closed or TcpState.TimeWait)
            {
                return;
            }

            OnDueTimers(now);
            WakeReader();
            WakeWriter();
            Leave();
        }
    }

    private void OnDueTimers(long now)
    {
        if (_lingerAt <= now)
        {
            _lingerAt = StackClock.Never;
            Abort();
            return;
        }

        if (_releaseAt <= now)
        {
            Release();
        }

        if (_retransmitAt <= now && _state is not (TcpState.SynSent or TcpState.SynReceived))
        {
            // Segments of a batch that is not over may have acknowledged all that the timer was for.
            ArmRetransmit(now);
        }

        if (_retransmitAt <= now)
        {
            OnRetransmitTimer(now);
        }

        if (_state == TcpState.Closed)
        {
            return;
        }

        if (_reorderAt <= now)
        {
            DetectByTime(now);
            if (_lostBytes > 0 && _recovery == RecoveryState.Open)
            {
                EnterRecovery(now);
                _congestion.SetWindow(Pipe + _segmentSize);
            }

            Output(now);
        }

        if (_acknowledgeAt <= now)
        {
            SendAcknowledgement(now);
        }

        if (KeepAliveDeadline() <= now)
        {
            OnKeepAlive(now);
        }
    }

    private long NextDeadline()
    {
        if (_state is TcpState.Closed or TcpState.TimeWait)
        {
            return StackClock.Never;
        }

        var due = Math.Min(Math.Min(_retransmitAt, _reorderAt), Math.Min(_acknowledgeAt, _lingerAt));
        due = Math.Min(due, _releaseAt);
        return Math.Min(due, KeepAliveDeadline());
    }

    private void ArmHandshake(long now)
    {
        _retransmitPurpose = RetransmitPurpose.Handshake;
        _retransmitAt = now + Math.Min(LargestHandshakeTimeout, RttEstimator.InitialTimeout << Math.Min(_handshakeRetransmissions, 5));
        if (_opening is not null && _options.ConnectTimeout != Timeout.InfiniteTimeSpan)
        {
            _retransmitAt = Math.Min(_retransmitAt, _openedAt + StackClock.From(_options.ConnectTimeout));
        }
    }

    private void ArmRetransmit(long now)
    {
        if (_state is TcpState.Closed or TcpState.TimeWait)
        {
            return;
        }

        if (_sent.Count > 0)
        {
            _retransmitPurpose = RetransmitPurpose.Timeout;
            _retransmitAt = _timeoutBase + _rtt.Timeout;
            if (_sackPermitted && !_probeOutstanding && _recovery == RecoveryState.Open && _sackedSegments == 0 && _rtt.Smoothed != 0)
            {
                // RFC 8985 section 7.2
                var delay = Math.Max(LeastProbeTimeout, 2 * _rtt.Smoothed) + (_sent.Count == 1 ? MostAcknowledgementDelay : 0);
                var probeAt = Math.Max(_lastSentAt, _timeoutBase) + delay;
                if (probeAt < _retransmitAt)
                {
                    _retransmitPurpose = RetransmitPurpose.LossProbe;
                    _retransmitAt = probeAt;
                }
            }
        }
        else if (Unsent > 0 || (_closeRequested && !_finSent))
        {
            // Nothing is in flight, yet something waits: the window is closed, or too small to be worth sending into.
            if (_retransmitPurpose != RetransmitPurpose.WindowProbe)
            {
                _retransmitPurpose = RetransmitPurpose.WindowProbe;
                _retransmitAt = now + _rtt.Timeout;
            }
        }
        else
        {
            _retransmitPurpose = RetransmitPurpose.None;
            _retransmitAt = StackClock.Never;
        }
    }

    private void OnRetransmitTimer(long now)
    {
        switch (_retransmitPurpose)
        {
            case RetransmitPurpose.Handshake:
                OnHandshakeTimer(now);
                break;
            case RetransmitPurpose.LossProbe:
                SendLossProbe(now);
                break;
            case RetransmitPurpose.Timeout:
                if (IsUserTimeout(_lastProgressAt, now))
                {
                    return;
                }

                ReduceSegmentSizeIfBlackHole();
                TimeOut(now);
                Output(now);
                break;
            case RetransmitPurpose.WindowProbe:
                OnWindowProbeTimer(now);
                break;
        }
    }

    private void OnHandshakeTimer(long now)
    {
        var expired = _opening is not null
            ? _options.ConnectTimeout != Timeout.InfiniteTimeSpan && now - _openedAt >= StackClock.From(_options.ConnectTimeout)
            : _handshakeRetransmissions >= PassiveRetransmissions;
        if (expired)
        {
            Fail(_softError ?? SocketError.TimedOut);
            return;
        }

        _handshakeRetransmissions++;
        SendSyn(now);
        ArmHandshake(now);
    }

    /// <summary>RFC 8985 section 7.3: one new segment or else the last one again, so that its acknowledgement shows what is missing.</summary>
    private void SendLossProbe(long now)
    {
        _timeoutBase = now;
        _probeOutstanding = true;
        var length = Math.Min(Math.Min(Unsent, _segmentSize), WindowRoom);
        _probeWasRetransmission = length == 0;
        if (length > 0)
        {
            SendSegment(length, fin: false, now);
        }
        else
        {
            Retransmit(_sent.Count - 1, now);
        }

        _probeEnd = _sendNext;
        ArmRetransmit(now);
    }

    private void OnWindowProbeTimer(long now)
    {
        if (IsUserTimeout(_lastReceivedAt, now))
        {
            return;
        }

        _rtt.BackOff();
        var length = Math.Min(Math.Min(Unsent, _segmentSize), WindowRoom);
        if (length > 0)
        {
            // A window too small to be used willingly has stayed so for long enough (RFC 9293 section 3.8.6.2.1).
            SendSegment(length, fin: false, now);
        }
        else
        {
            SendProbe(now);
        }

        _retransmitPurpose = RetransmitPurpose.None;
        ArmRetransmit(now);
    }

    private bool IsUserTimeout(long since, long now)
    {
        if (_options.UserTimeout == Timeout.InfiniteTimeSpan || now - since < StackClock.From(_options.UserTimeout))
        {
            return false;
        }

        SendReset(_sendNext);
        Fail(_softError ?? SocketError.TimedOut);
        return true;
    }

    private long KeepAliveDeadline()
    {
        if (_options.KeepAliveTime is not { } time || _sent.Count > 0 || _state is TcpState.SynSent or TcpState.SynReceived)
        {
            return StackClock.Never;
        }

        return _lastReceivedAt + StackClock.From(time) + (_keepAliveProbesSent * StackClock.From(_options.KeepAliveInterval));
    }

    private void OnKeepAlive(long now)
    {
        if (_keepAliveProbesSent >= _options.KeepAliveProbes)
        {
            SendReset(_sendNext);
            Fail(_softError ?? SocketError.TimedOut);
            return;
        }

        _keepAliveProbesSent++;
        SendProbe(now);
    }
}
