using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>Loss detection (RACK-TLP, RFC 8985) and recovery (PRR, RFC 6937; RFC 6582 for peers without SACK).</content>
internal sealed partial class TransmissionControlBlock
{
    private const int DuplicateThreshold = 3; // RFC 5681 section 3.2, only without SACK

    private RecoveryState _recovery;
    private uint _recoveryPoint;
    private long _lostBytes;
    private uint _retransmitFrom;
    private int _duplicateAcknowledgements;

    // PRR
    private long _recoveryFlight;
    private long _proportionDelivered;
    private long _proportionSent;

    // The state before a time-out, in case it turns out to have been premature.
    private long _priorWindow;
    private long _priorThreshold;
    private uint _timeoutTimestamp;
    private bool _timeoutMayBeSpurious;

    private long _reorderAt = StackClock.Never;
    private uint _probeEnd;
    private bool _probeOutstanding;
    private bool _probeWasRetransmission;

    /// <summary>Bytes thought to be on their way.</summary>
    private long Pipe =>
        _sackPermitted ? _inFlight : Math.Max(0, _inFlight - ((long)_duplicateAcknowledgements * _segmentSize));

    private void Recover(in TcpSegment segment, long now, in DeliverySummary summary)
    {
        if (_timeoutMayBeSpurious && summary.Acknowledged > 0)
        {
            JudgeTimeout(segment);
        }

        var lostBefore = _lostBytes;
        DetectLosses(now, summary);
        JudgeProbe(segment, now, summary);
        var newLoss = _lostBytes > lostBefore;
        if (summary.Acknowledged > 0 && _recovery != RecoveryState.Open && Sequence.AtOrAfter(_sendUnacknowledged, _recoveryPoint))
        {
            EndRecovery();
        }

        switch (_recovery)
        {
            case RecoveryState.Open when _lostBytes > 0:
                EnterRecovery(now);
                Reduce(segment, summary, newLoss);
                break;
            case RecoveryState.Recovery:
                Reduce(segment, summary, newLoss);
                break;
            case RecoveryState.Loss or RecoveryState.Open when summary.Acknowledged > 0:
                if (_windowLimited || _recovery == RecoveryState.Loss || (_congestion.InSlowStart && 2 * summary.PriorInFlight >= _congestion.Window))
                {
                    _congestion.Acknowledged(summary.Acknowledged, _segmentSize, _rtt.Smoothed, now);
                }

                break;
        }
    }

    private void DetectLosses(long now, in DeliverySummary summary)
    {
        if (_sent.Count == 0)
        {
            _reorderAt = StackClock.Never;
        }
        else if (_sackPermitted)
        {
            DetectByTime(now);
        }
        else if (summary.Acknowledged == 0)
        {
            if (_recovery == RecoveryState.Open && _duplicateAcknowledgements >= DuplicateThreshold)
            {
                MarkLost(0);
            }
        }
        else if (_recovery == RecoveryState.Recovery && Sequence.Before(_sendUnacknowledged, _recoveryPoint))
        {
            // A partial acknowledgement: the next segment was lost as well (RFC 6582 section 3.2).
            _duplicateAcknowledgements = Math.Max(0, _duplicateAcknowledgements - (int)(summary.Acknowledged / _segmentSize));
            MarkLost(0);
        }
        else
        {
            _duplicateAcknowledgements = 0;
        }
    }

    /// <summary>RFC 8985 section 6.2, step 5.</summary>
    private void DetectByTime(long now)
    {
        _reorderAt = StackClock.Never;
        if (!_rack.HasDelivery || (_sackedSegments == 0 && _recovery == RecoveryState.Open))
        {
            return; // nothing was delivered out of order, so nothing was overtaken
        }

        var window = _rack.ReorderingWindow(_rtt, _recovery != RecoveryState.Open, _sackedSegments);
        while (_sent.OldestInFlight is >= 0 and var oldest && _rack.Overtook(_sent[oldest]))
        {
            var deadline = _sent[oldest].SentAt + _rack.Rtt + window;
            if (deadline > now)
            {
                _reorderAt = deadline; // and all others were sent later
                return;
            }

            MarkLost(oldest);
        }
    }

    private void MarkLost(int index)
    {
        ref var sent = ref _sent[index];
        if (!sent.InFlight)
        {
            return;
        }

        _sent.MarkLost(index);
        if (_lostBytes == 0 || Sequence.Before(sent.Start, _retransmitFrom))
        {
            _retransmitFrom = sent.Start;
        }

        _lostBytes += sent.Length;
        _inFlight -= sent.Length;
    }

    private void EnterRecovery(long now)
    {
        _recoveryFlight = Math.Max(1, _inFlight + _lostBytes);
        _congestion.Congested(_segmentSize);
        _recovery = RecoveryState.Recovery;
        _recoveryPoint = _sendNext;
        _proportionDelivered = 0;
        _proportionSent = 0;
        _timeoutBase = now;
    }

    private void EndRecovery()
    {
        if (_recovery == RecoveryState.Recovery)
        {
            _congestion.SetWindow(Math.Max(_congestion.Threshold, _segmentSize));
            _rack.RecoveryEnded();
        }

        _recovery = RecoveryState.Open;
        _duplicateAcknowledgements = 0;
        _timeoutMayBeSpurious = false;
    }

    /// <summary>Proportional rate reduction (RFC 6937 section 3).</summary>
    private void Reduce(in TcpSegment segment, in DeliverySummary summary, bool newLoss)
    {
        var delivered = _sackPermitted ? summary.Delivered : Math.Max(summary.Delivered, _segmentSize);
        _proportionDelivered += delivered;
        long allowance;
        if (Pipe > _congestion.Threshold)
        {
            var share = (_proportionDelivered * _congestion.Threshold) + _recoveryFlight - 1;
            allowance = (share / _recoveryFlight) - _proportionSent;
        }
        else
        {
            var limit = _proportionDelivered - _proportionSent;
            if (summary.Acknowledged > 0 && !newLoss)
            {
                limit = Math.Max(limit, delivered) + _segmentSize; // slow start, as the losses seem to be over
            }

            allowance = Math.Min(_congestion.Threshold - Pipe, limit);
        }

        if (_proportionSent == 0)
        {
            allowance = Math.Max(allowance, _segmentSize); // the fast retransmission itself
        }

        _congestion.SetWindow(Pipe + Math.Max(allowance, 0));
    }

    /// <summary>A retransmission time-out: everything not selectively acknowledged is taken for lost.</summary>
    private void TimeOut(long now)
    {
        if (_recovery != RecoveryState.Loss)
        {
            _priorWindow = _congestion.Window;
            _priorThreshold = _congestion.Threshold;
            _timeoutMayBeSpurious = _timestamps && _recovery == RecoveryState.Open;
            _timeoutTimestamp = Timestamp(now);
            _congestion.TimedOut(_segmentSize);
        }
        else
        {
            _congestion.SetWindow(_segmentSize);
        }

        if (_sent[0].Sacked)
        {
            // The peer threw away what it had reported (RFC 2018 section 8).
            _lostBytes += _sent.ForgetSacked();
            _sackedSegments = 0;
        }

        for (var i = 0; i < _sent.Count; i++)
        {
            MarkLost(i);
        }

        _retransmitFrom = _sendUnacknowledged;
        _recovery = RecoveryState.Loss;
        _recoveryPoint = _sendNext;
        _probeOutstanding = false;
        _duplicateAcknowledgements = 0;
        _reorderAt = StackClock.Never;
        _rtt.BackOff();
        _timeoutBase = now;
    }

    /// <summary>Eifel detection (RFC 3522): an acknowledgement that echoes a time before the retransmission was for the first transmission.</summary>
    private void JudgeTimeout(in TcpSegment segment)
    {
        _timeoutMayBeSpurious = false;
        if (segment.Options.TimestampEcho == 0 || !Sequence.Before(segment.Options.TimestampEcho, _timeoutTimestamp))
        {
            return;
        }

        _congestion.Undo(_priorWindow, _priorThreshold);
        _sent.RestoreLost();
        _inFlight += _lostBytes;
        _lostBytes = 0;
        _recovery = RecoveryState.Open;
    }

    /// <summary>Whether a tail loss probe repaired a loss, which then counts as congestion (RFC 8985 section 7.4).</summary>
    private void JudgeProbe(in TcpSegment segment, long now, in DeliverySummary summary)
    {
        if (!_probeOutstanding || Sequence.Before(segment.Acknowledgement, _probeEnd))
        {
            return;
        }

        _probeOutstanding = false;
        if (_probeWasRetransmission && !summary.Duplicate && _recovery == RecoveryState.Open && Sequence.After(segment.Acknowledgement, _probeEnd))
        {
            EnterRecovery(now);
        }
    }
}
