namespace Fairlead.Kubernetes.Resources.Coordination;

/// <summary>A claim that its holder renews for as long as it lives.</summary>
public sealed record Lease : KubernetesObject
{
    public LeaseSpec? Spec { get; init; }
}
