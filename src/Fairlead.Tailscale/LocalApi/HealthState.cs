namespace Fairlead.Tailscale.LocalApi;

/// <summary>What is wrong with a tailscaled just now.</summary>
public sealed record HealthState
{
    /// <summary>By code; null or empty when all is well.</summary>
    public IReadOnlyDictionary<string, HealthWarning?>? Warnings { get; init; }
}
