using System.Collections.Immutable;

namespace Fairlead.Kubernetes.Drift;

/// <summary>How an observed object differs from the desired one.</summary>
/// <param name="Different">Whether some desired field is absent or has another value.</param>
/// <param name="Surplus">What stands in exclusive parts of the object beside the desired fields.</param>
public sealed record DriftReport(bool Different, ImmutableArray<SurplusField> Surplus)
{
    public static readonly DriftReport None = new(false, []);
}
