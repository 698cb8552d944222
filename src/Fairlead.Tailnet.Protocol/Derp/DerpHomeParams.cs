namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>How a node chooses its home region.</summary>
public sealed record DerpHomeParams
{
    /// <summary>Factor on the measured latency by region ID; below 1 favours the region, and 0 or less counts as 1. Null is as before.</summary>
    public IReadOnlyDictionary<int, double>? RegionScore { get; init; }
}
