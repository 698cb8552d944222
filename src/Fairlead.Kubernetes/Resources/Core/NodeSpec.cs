namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NodeSpec : ExtensibleRecord
{
    public string? PodCIDR { get; init; }

    public IReadOnlyList<string>? PodCIDRs { get; init; }

    public string? ProviderID { get; init; }

    public bool? Unschedulable { get; init; }

    public IReadOnlyList<Taint>? Taints { get; init; }
}
