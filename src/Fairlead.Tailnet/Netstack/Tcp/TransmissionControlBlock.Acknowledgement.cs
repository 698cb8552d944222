using System.Buffers.Binary;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>What acknowledgements, cumulative and selective, tell the sender.</content>
internal sealed partial class TransmissionControlBlock
{
    private const int MostSackBlocks = 4;

    private long _inFlight;
    private int _sackedSegments;

    // RFC 9293 section 3.10.7.4 with the stricter range of RFC 5961 section 5.2.
    private bool AcceptAcknowledgement(in TcpSegment segment, long now)
    {
        var acknowledgement = segment.Acknowledgement;
        if (_state == TcpState.SynReceived)
        {
            if (acknowledgement == _sendNext)
            {
                return true;
            }

            SendReset(acknowledgement);
            return false;
        }

        if (Sequence.After(acknowledgement, _sendNext) || Sequence.Before(acknowledgement, _sendUnacknowledged - _largestSendWindow))
        {
            Challenge(now);
            return false;
        }

        return true;
    }

    private void ProcessAcknowledgement(in TcpSegment segment, long now)
    {
        if (_state == TcpState.SynReceived)
        {
            _sendUnacknowledged = segment.Acknowledgement;
            UpdateSendWindow(segment, (uint)segment.Window << _sendScale);
            SampleHandshake(now);
            Establish(now);
            return;
        }

        var acknowledgement = segment.Acknowledgement;
        if (Sequence.Before(acknowledgement, _sendUnacknowledged))
        {
            return; // overtaken by a later one
        }

        var window = (uint)segment.Window << _sendScale;
        var windowChanged = window != _sendWindow;
        if (Sequence.Before(_windowSequence, segment.SequenceNumber)
            || (_windowSequence == segment.SequenceNumber && Sequence.AtOrBefore(_windowAcknowledgement, acknowledgement)))
        {
            UpdateSendWindow(segment, window);
        }

        if (_sent.Count == 0)
        {
            return;
        }

        _rack.BeginAcknowledgement();
        var summary = new DeliverySummary { PriorInFlight = _inFlight };
        if (_sackPermitted && !segment.Options.SackBlocks.IsEmpty)
        {
            MarkSacked(segment, now, ref summary);
        }

        if (acknowledgement != _sendUnacknowledged)
        {
            summary.Acknowledged = acknowledgement - _sendUnacknowledged;
            RemoveAcknowledged(segment, now, ref summary);
            _sendBuffer.Advance((int)Math.Min(summary.Acknowledged, (uint)_sendBuffer.Length));
            _sendUnacknowledged = acknowledgement;
            _rtt.ResetBackoff();
            _timeoutBase = _lastProgressAt = now;
            _softError = null;
            SampleRtt(segment, now, summary);
        }
        else if (!_sackPermitted && segment.Payload.IsEmpty && !windowChanged && !segment.Has(TcpFlags.Fin))
        {
            _duplicateAcknowledgements++;
        }

        Recover(segment, now, summary);
        if (_sent.TakeExamined() is > 0 and var examined)
        {
            Layer.Statistics.SegmentsExamined(examined);
        }

        if (_finSent && _sendUnacknowledged == _sendNext)
        {
            ProcessFinAcknowledged(now);
        }
    }

    private void UpdateSendWindow(in TcpSegment segment, uint window)
    {
        if (_sendWindow == 0 && window > 0)
        {
            _rtt.ResetBackoff(); // the peer was slow, not the path
        }

        _sendWindow = window;
        _largestSendWindow = Math.Max(_largestSendWindow, window);
        _windowSequence = segment.SequenceNumber;
        _windowAcknowledgement = segment.Acknowledgement;
    }

    private void RemoveAcknowledged(in TcpSegment segment, long now, ref DeliverySummary summary)
    {
        while (_sent.Count > 0)
        {
            ref var first = ref _sent[0];
            if (Sequence.After(first.End, segment.Acknowledgement))
            {
                if (Sequence.Before(first.Start, segment.Acknowledgement))
                {
                    CutAcknowledged(ref first, segment.Acknowledgement, ref summary);
                }

                return;
            }

            if (first.Sacked)
            {
                _sackedSegments--;
            }
            else
            {
                CountDelivered(first, segment, now, ref summary);
            }

            _sent.RemoveFirst();
        }
    }

    private void CutAcknowledged(ref SentSegment segment, uint acknowledgement, ref DeliverySummary summary)
    {
        var part = acknowledgement - segment.Start;
        if (segment.InFlight)
        {
            _inFlight -= part;
        }
        else if (segment.Lost)
        {
            _lostBytes -= part;
        }

        if (!segment.Sacked)
        {
            summary.Delivered += part;
        }

        segment.Start = acknowledgement;
    }

    private void MarkSacked(in TcpSegment segment, long now, ref DeliverySummary summary)
    {
        var blocks = segment.Options.SackBlocks;
        for (var i = 0; i < MostSackBlocks && !blocks.IsEmpty; i++, blocks = blocks[8..])
        {
            var block = new SequenceRange(BinaryPrimitives.ReadUInt32BigEndian(blocks), BinaryPrimitives.ReadUInt32BigEndian(blocks[4..]));
            if (i == 0 && IsDuplicateReport(block, blocks[8..], segment.Acknowledgement))
            {
                _rack.Duplicated(_sendUnacknowledged, _sendNext);
                summary.Duplicate = true;
                continue;
            }

            if (!Sequence.Before(block.Start, block.End) || Sequence.Before(block.Start, _sendUnacknowledged) || Sequence.After(block.End, _sendNext))
            {
                continue;
            }

            MarkSacked(block, segment, now, ref summary);
        }
    }

    private void MarkSacked(SequenceRange block, in TcpSegment segment, long now, ref DeliverySummary summary)
    {
        var i = _sent.FirstEndingAfter(block.Start);
        if (i < _sent.Count && Sequence.Before(_sent[i].Start, block.Start))
        {
            i++; // a part of a segment does not count
        }

        for (i = _sent.NextNotSacked(i); i < _sent.Count && Sequence.AtOrBefore(_sent[i].End, block.End); i = _sent.NextNotSacked(i + 1))
        {
            CountDelivered(_sent[i], segment, now, ref summary);
            _sent.MarkSacked(i);
            _sackedSegments++;
        }
    }

    /// <summary>Whether the first block reports something received twice (RFC 2883 section 4).</summary>
    private static bool IsDuplicateReport(SequenceRange first, ReadOnlySpan<byte> others, uint acknowledgement)
    {
        if (Sequence.AtOrBefore(first.End, acknowledgement))
        {
            return true;
        }

        return others.Length >= 8
            && Sequence.AtOrAfter(first.Start, BinaryPrimitives.ReadUInt32BigEndian(others))
            && Sequence.AtOrBefore(first.End, BinaryPrimitives.ReadUInt32BigEndian(others[4..]));
    }

    /// <summary>A segment reached the peer, as one acknowledgement or the other says for the first time.</summary>
    private void CountDelivered(in SentSegment sent, in TcpSegment by, long now, ref DeliverySummary summary)
    {
        summary.Delivered += sent.Length;
        if (sent.Lost)
        {
            _lostBytes -= sent.Length;
        }
        else
        {
            _inFlight -= sent.Length;
        }

        if (sent.Retransmitted)
        {
            summary.LatestRepetition = Math.Max(summary.LatestRepetition, sent.SentAt);
        }
        else
        {
            summary.OldestSentAt = summary.OldestSentAt == 0 ? sent.SentAt : Math.Min(summary.OldestSentAt, sent.SentAt);
        }

        var ofOriginal = sent.Retransmitted && _timestamps && Sequence.Before(by.Options.TimestampEcho, Timestamp(sent.SentAt));
        _rack.Delivered(sent, now, _rtt.Minimum, ofOriginal);
    }

    private void SampleRtt(in TcpSegment segment, long now, in DeliverySummary summary)
    {
        long rtt;
        if (summary.OldestSentAt != 0)
        {
            rtt = now - summary.OldestSentAt;
        }
        else if (_timestamps && Sequence.AtOrAfter(segment.Options.TimestampEcho, Timestamp(summary.LatestRepetition)))
        {
            rtt = (Timestamp(now) - segment.Options.TimestampEcho) * 1000L;
        }
        else
        {
            // Karn's algorithm: no telling which transmission it is for. The echo of an earlier one may come with the answer to the last.
            return;
        }

        if (rtt is < 0 or > 300_000_000)
        {
            return; // an echo that is none of ours
        }

        _rtt.Sample(rtt, now);
        _congestion.Sample(rtt, _sendUnacknowledged, _sendNext);
    }
}
