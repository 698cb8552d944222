namespace Fairlead.Tailnet.WireGuard;

/// <summary>Counts of what is not the ordinary way of a packet.</summary>
internal sealed class DeviceCounters
{
    private long _unroutable;
    private long _unsent;
    private long _spoofed;
    private long _invalid;
    private long _cookiesAsked;
    private long _refused;
    private long _handshakes;

    public void Unroutable() => Interlocked.Increment(ref _unroutable);

    public void Unsent(int packets) => Interlocked.Add(ref _unsent, packets);

    public void Spoofed() => Interlocked.Increment(ref _spoofed);

    public void Invalid() => Interlocked.Increment(ref _invalid);

    public void CookieAsked() => Interlocked.Increment(ref _cookiesAsked);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Handshake() => Interlocked.Increment(ref _handshakes);

    public WireGuardStatistics Snapshot() => new(
        Interlocked.Read(ref _unroutable),
        Interlocked.Read(ref _unsent),
        Interlocked.Read(ref _spoofed),
        Interlocked.Read(ref _invalid),
        Interlocked.Read(ref _cookiesAsked),
        Interlocked.Read(ref _refused),
        Interlocked.Read(ref _handshakes));
}
