namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What one acknowledgement told.</summary>
internal struct DeliverySummary
{
    /// <summary>Bytes by which the cumulative acknowledgement moved.</summary>
    public uint Acknowledged;

    /// <summary>Bytes that reached the peer, by either kind of acknowledgement, as far as it was not known.</summary>
    public long Delivered;

    /// <summary>Bytes in flight before it.</summary>
    public long PriorInFlight;

    /// <summary>When the oldest delivered segment that was sent only once was sent; 0 if there is none.</summary>
    public long OldestSentAt;

    /// <summary>When the latest delivered segment that was sent more than once was sent last.</summary>
    public long LatestRepetition;

    /// <summary>The peer reported something it got twice.</summary>
    public bool Duplicate;
}
