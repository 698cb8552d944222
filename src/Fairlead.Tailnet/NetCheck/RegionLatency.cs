namespace Fairlead.Tailnet.NetCheck;

/// <summary>Round-trip times to one region; null where nothing answered. <see cref="Https"/> is measured only when UDP does not work.</summary>
public readonly record struct RegionLatency(TimeSpan? IPv4, TimeSpan? IPv6, TimeSpan? Https)
{
    /// <summary>The shortest of all.</summary>
    public TimeSpan? Best => Min(Min(IPv4, IPv6), Https);

    private static TimeSpan? Min(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;
}
