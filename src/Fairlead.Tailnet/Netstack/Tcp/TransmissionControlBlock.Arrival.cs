using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>Segments that arrive in a synchronized state or SYN-RECEIVED (RFC 9293 section 3.10.7.4).</content>
internal sealed partial class TransmissionControlBlock
{
    // RFC 7323 section 5.5: 24 days after the last update the timestamp clock may have wrapped.
    private const long TimestampLifetime = 24L * 24 * 3600 * 1_000_000;

    private long _lastReceivedAt;
    private uint? _peerFin;

    private uint ReceiveWindow => _receiveEdge - _receiveNext;

    private void Arrive(in TcpSegment segment, long now)
    {
        if (_state == TcpState.SynReceived && segment.Has(TcpFlags.Syn))
        {
            if (segment.SequenceNumber == _initialReceive && segment.Has(TcpFlags.Ack) && segment.Acknowledgement == _sendNext)
            {
                // The other half of a simultaneous open: a SYN we know, with the acknowledgement we wait for.
                _acknowledgeNow = true;
                Arrive(segment.WithoutSyn(), now);
                return;
            }

            if (segment.SequenceNumber == _initialReceive && !segment.Has(TcpFlags.Ack | TcpFlags.Rst))
            {
                SendSyn(now); // our answer was lost
                return;
            }
        }

        if (!PassesTimestampCheck(segment, now) || !IsInWindow(segment, now))
        {
            return;
        }

        if (segment.Has(TcpFlags.Rst))
        {
            // RFC 5961 section 3.2: only an exact hit counts; a near one is asked to show that it is real.
            if (segment.SequenceNumber == _receiveNext)
            {
                Fail(_state == TcpState.SynReceived && _opening is not null ? SocketError.ConnectionRefused : SocketError.ConnectionReset);
            }
            else
            {
                Challenge(now);
            }

            return;
        }

        if (segment.Has(TcpFlags.Syn))
        {
            Challenge(now); // RFC 5961 section 4.2
            return;
        }

        if (!segment.Has(TcpFlags.Ack) || !AcceptAcknowledgement(segment, now))
        {
            return;
        }

        _lastReceivedAt = now;
        _keepAliveProbesSent = 0;
        if (_timestamps && Sequence.AtOrBefore(segment.SequenceNumber, _lastAcknowledgementSent))
        {
            _timestampRecent = segment.Options.TimestampValue;
            _timestampRecentAt = now;
        }

        ProcessAcknowledgement(segment, now);
        if (_state is TcpState.Closed or TcpState.TimeWait)
        {
            return;
        }

        if (!segment.Payload.IsEmpty || segment.Has(TcpFlags.Fin))
        {
            TakeData(segment, now);
        }
    }

    /// <summary>PAWS (RFC 7323 section 5.3).</summary>
    private bool PassesTimestampCheck(in TcpSegment segment, long now)
    {
        if (!_timestamps || segment.Has(TcpFlags.Rst))
        {
            return true;
        }

        if (!segment.Options.HasTimestamps)
        {
            return false; // RFC 7323 section 3.2
        }

        if (Sequence.AtOrAfter(segment.Options.TimestampValue, _timestampRecent) || now - _timestampRecentAt > TimestampLifetime)
        {
            return true;
        }

        AnswerUnacceptable(segment, now);
        return false;
    }

    private bool IsInWindow(in TcpSegment segment, long now)
    {
        var window = ReceiveWindow;
        var acceptable = segment.Length == 0
            ? window == 0 ? segment.SequenceNumber == _receiveNext : segment.SequenceNumber - _receiveNext < window
            : window > 0 && (segment.SequenceNumber - _receiveNext < window || segment.End - 1 - _receiveNext < window);

        // With a window of zero, acknowledgements and resets must still get through (RFC 9293 section 3.10.7.4).
        if (acceptable || (segment.SequenceNumber == _receiveNext && window == 0))
        {
            return true;
        }

        if (!segment.Has(TcpFlags.Rst))
        {
            AnswerUnacceptable(segment, now);
        }

        return false;
    }

    /// <summary>What lies outside the window is answered with the state of affairs, so that the peer can find its place.</summary>
    private void AnswerUnacceptable(in TcpSegment segment, long now)
    {
        if (segment.Payload.IsEmpty)
        {
            Challenge(now);
            return;
        }

        // A repetition means that an acknowledgement was lost; RFC 2883 has it reported, which tells the peer that it was needless.
        if (_sackPermitted && Sequence.AtOrBefore(segment.End, _receiveNext))
        {
            _duplicate = new SequenceRange(segment.SequenceNumber, segment.SequenceNumber + (uint)segment.Payload.Length);
        }

        _acknowledgeNow = true;
    }

    private void TakeData(in TcpSegment segment, long now)
    {
        var start = segment.SequenceNumber;
        var payload = segment.Payload;
        if (segment.Has(TcpFlags.Fin))
        {
            _peerFin = segment.End - 1;
        }

        if (_state is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
        {
            _acknowledgeNow = true; // after the peer's FIN there is nothing more to come
            return;
        }

        if (_disposed && !payload.IsEmpty && Sequence.After(start + (uint)payload.Length, _receiveNext))
        {
            // Nobody will ever read it, and the peer should know (RFC 9293 section 3.6.1).
            SendReset(_sendNext);
            Fail(SocketError.OperationAborted);
            return;
        }

        if (Sequence.Before(start, _receiveNext))
        {
            var known = (int)Math.Min(_receiveNext - start, (uint)payload.Length);
            if (known > 0 && _sackPermitted)
            {
                _duplicate = new SequenceRange(start, start + (uint)known);
            }

            payload = payload[known..];
            start += (uint)known;
            _acknowledgeNow = true;
        }

        var room = _receiveEdge - start;
        if ((int)room < payload.Length)
        {
            payload = payload[..Math.Max(0, (int)room)];
            _acknowledgeNow = true;
        }

        if (!payload.IsEmpty)
        {
            _largestReceived = Math.Max(_largestReceived, payload.Length);
            Store(start, payload, segment.Options, now);
        }

        if (_peerFin == _receiveNext)
        {
            ProcessFin(now);
        }
        else if (segment.Payload.IsEmpty)
        {
            _acknowledgeNow = true;
        }
    }

    private void Store(uint start, ReadOnlySpan<byte> payload, in TcpOptionList options, long now)
    {
        if (start == _receiveNext)
        {
            var hadHoles = _receiveBuffer.HasHoles;
            _receiveNext += _receiveBuffer.Append(_receiveNext, payload);
            _unacknowledgedBytes += payload.Length;
            _acknowledgeNow |= hadHoles; // RFC 5681 section 4.2: at once while a hole is being filled
            if (_timestamps && options.TimestampEcho != 0)
            {
                SampleReceiverRtt(Timestamp(now) - options.TimestampEcho);
            }

            return;
        }

        _acknowledgeNow = true;
        var end = start + (uint)payload.Length;
        if (_receiveBuffer.HasAlready(start, end))
        {
            _duplicate = new SequenceRange(start, end);
        }
        else if (!Layer.Budget.IsExhausted)
        {
            _receiveBuffer.TryKeep(_receiveNext, start, payload);
        }
    }

    private void ProcessFin(long now)
    {
        _receiveNext++;
        _receiveEdge = Sequence.Later(_receiveEdge, _receiveNext);
        _acknowledgeNow = true;
        _endOfStream = true;
        switch (_state)
        {
            case TcpState.Established:
                _state = TcpState.CloseWait;
                break;
            case TcpState.FinWait1:
                _state = TcpState.Closing;
                break;
            case TcpState.FinWait2:
                EnterTimeWait(now);
                break;
        }
    }
}
