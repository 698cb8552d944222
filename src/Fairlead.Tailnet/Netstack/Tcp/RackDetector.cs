namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Which transmission was delivered latest, and how much reordering to allow for (RFC 8985 section 6.2).</summary>
internal struct RackDetector
{
    private const int DuplicateThreshold = 3;
    private const int MultiplierLifetime = 16; // recoveries without a duplicate (RFC 8985 section 6.2, step 4)

    private long _sentAt;
    private uint _end;
    private bool _reordered;
    private uint _highest;
    private uint _priorHighest;
    private bool _hasHighest;
    private bool _hasPriorHighest;
    private bool _hasDelivery;
    private int _multiplier;
    private int _persist;
    private uint _duplicateRoundEnd;
    private bool _duplicateRound;

    /// <summary>Round-trip time of the latest delivered transmission.</summary>
    public long Rtt { get; private set; }

    public readonly bool HasDelivery => _hasDelivery;

    /// <summary>
    /// Deliveries that follow were told of by one acknowledgement: their order among each other is ours, not that of their arrival, so each
    /// is compared with what earlier acknowledgements told of (step 3).
    /// </summary>
    public void BeginAcknowledgement()
    {
        _priorHighest = _highest;
        _hasPriorHighest = _hasHighest;
    }

    /// <summary>A segment was delivered, by a cumulative or a selective acknowledgement.</summary>
    public void Delivered(in SentSegment segment, long now, long minimumRtt, bool ofOriginal)
    {
        if (_hasPriorHighest && Sequence.Before(segment.End, _priorHighest) && !segment.Retransmitted)
        {
            _reordered = true;
        }

        if (!_hasHighest || Sequence.After(segment.End, _highest))
        {
            _highest = segment.End;
            _hasHighest = true;
        }

        var rtt = now - segment.SentAt;
        if (segment.Retransmitted && (ofOriginal || rtt < minimumRtt))
        {
            return; // an acknowledgement of the first transmission says nothing about the second
        }

        Rtt = rtt;
        if (!_hasDelivery || SentAfter(segment.SentAt, segment.End, _sentAt, _end))
        {
            _sentAt = segment.SentAt;
            _end = segment.End;
        }

        _hasDelivery = true;
    }

    /// <summary>The peer got something twice: the window for reordering was too small (step 4).</summary>
    public void Duplicated(uint acknowledged, uint next)
    {
        if (_duplicateRound && Sequence.Before(acknowledged, _duplicateRoundEnd))
        {
            return;
        }

        _duplicateRound = true;
        _duplicateRoundEnd = next;
        _multiplier = Math.Min(_multiplier + 1, 63);
        _persist = MultiplierLifetime;
    }

    public void RecoveryEnded()
    {
        if (_persist > 0 && --_persist == 0)
        {
            _multiplier = 0;
        }
    }

    public readonly long ReorderingWindow(in RttEstimator rtt, bool recovering, int sackedSegments)
    {
        if (!_reordered && (recovering || sackedSegments >= DuplicateThreshold))
        {
            return 0;
        }

        return Math.Min((1 + _multiplier) * rtt.Minimum / 4, rtt.Smoothed);
    }

    /// <summary>Whether something sent later than this segment was delivered.</summary>
    public readonly bool Overtook(in SentSegment segment) => _hasDelivery && SentAfter(_sentAt, _end, segment.SentAt, segment.End);

    /// <summary>The order of transmissions: of two at the same time, the later of the stream is the later (step 2).</summary>
    public static bool SentAfter(long firstAt, uint firstEnd, long secondAt, uint secondEnd) =>
        firstAt > secondAt || (firstAt == secondAt && Sequence.After(firstEnd, secondEnd));
}
