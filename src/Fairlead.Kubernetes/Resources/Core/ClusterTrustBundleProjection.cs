using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ClusterTrustBundleProjection : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? SignerName { get; init; }

    public LabelSelector? LabelSelector { get; init; }

    public bool? Optional { get; init; }

    public string? Path { get; init; }
}
