namespace Fairlead.Tailnet.Paths;

/// <summary>The times that govern paths, in timestamps of a time source.</summary>
internal sealed class PathTiming(TimeProvider time)
{
    /// <summary>A direct path is good for so long after a pong: two lost pings in a row are survived.</summary>
    public long Trust { get; } = Of(time, TimeSpan.FromSeconds(6.5));

    /// <summary>A used direct path is pinged so often.</summary>
    public long Heartbeat { get; } = Of(time, TimeSpan.FromSeconds(3));

    /// <summary>Without having sent anything for so long, nothing is pinged any more.</summary>
    public long SessionIdle { get; } = Of(time, TimeSpan.FromSeconds(45));

    /// <summary>A ping that is not answered for so long, and for several round trips, makes us send through the relay too.</summary>
    public long Patience { get; } = Of(time, TimeSpan.FromSeconds(1));

    /// <summary>An answer that comes later than this is none.</summary>
    public long PingLife { get; } = Of(time, TimeSpan.FromSeconds(5));

    /// <summary>The same address is not pinged more often than this, whatever the reason.</summary>
    public long PingGap { get; } = Of(time, TimeSpan.FromSeconds(0.2));

    /// <summary>
    /// Without a direct path, all addresses are tried again after this, and after twice as long each time: where two have just met, the first
    /// packets come before the other side knows who sends them …
    /// </summary>
    public long QuickDiscovery { get; } = Of(time, TimeSpan.FromSeconds(0.25));

    /// <summary>… until it is this often …</summary>
    public long Discovery { get; } = Of(time, TimeSpan.FromSeconds(5));

    /// <summary>… and this often when it has not helped.</summary>
    public long SlowDiscovery { get; } = Of(time, TimeSpan.FromSeconds(15));

    /// <summary>With a direct path that is not near, a better one is looked for this often.</summary>
    public long Upgrade { get; } = Of(time, TimeSpan.FromSeconds(60));

    /// <summary>A path this fast is not worth improving.</summary>
    public long GoodEnough { get; } = Of(time, TimeSpan.FromMilliseconds(5));

    /// <summary>A change of path must gain at least this.</summary>
    public long Gain { get; } = Of(time, TimeSpan.FromMilliseconds(1));

    /// <summary>A peer without disco is believed to be where it was last heard for this long: WireGuard answers within 10 s (its KEEPALIVE-TIMEOUT).</summary>
    public long HeardTrust { get; } = Of(time, TimeSpan.FromSeconds(15));

    /// <summary>What is remembered of a peer that nobody talks to any more.</summary>
    public long Memory { get; } = Of(time, TimeSpan.FromMinutes(5));

    private static long Of(TimeProvider time, TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
