namespace Fairlead.Kubernetes.Tests.Queueing;

/// <summary>No jitter at all, or always the same.</summary>
internal sealed class FixedRandom(double value = 0) : Random
{
    public override double NextDouble() => value;
}
