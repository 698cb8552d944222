namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Counters of the TCP layer since it began.</summary>
internal sealed class TcpStatistics
{
    private long _retransmitted;
    private long _cookies;
    private long _resets;
    private long _examined;

    public long Retransmitted => Volatile.Read(ref _retransmitted);

    public long Cookies => Volatile.Read(ref _cookies);

    public long Resets => Volatile.Read(ref _resets);

    /// <summary>Segments in flight that were looked at to learn what acknowledgements mean for them: the work that peers can cause.</summary>
    public long Examined => Volatile.Read(ref _examined);

    public void SegmentRetransmitted() => Interlocked.Increment(ref _retransmitted);

    public void CookieSent() => Interlocked.Increment(ref _cookies);

    public void ResetSent() => Interlocked.Increment(ref _resets);

    public void SegmentsExamined(long count) => Interlocked.Add(ref _examined, count);
}
