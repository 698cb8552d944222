namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Counters of the TCP layer since it began.</summary>
internal sealed class TcpStatistics
{
    private long _retransmitted;
    private long _cookies;
    private long _resets;

    public long Retransmitted => Volatile.Read(ref _retransmitted);

    public long Cookies => Volatile.Read(ref _cookies);

    public long Resets => Volatile.Read(ref _resets);

    public void SegmentRetransmitted() => Interlocked.Increment(ref _retransmitted);

    public void CookieSent() => Interlocked.Increment(ref _cookies);

    public void ResetSent() => Interlocked.Increment(ref _resets);
}
