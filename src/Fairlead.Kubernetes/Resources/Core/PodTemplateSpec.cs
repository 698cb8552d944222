using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>The Pods a workload creates.</summary>
public sealed record PodTemplateSpec : ExtensibleRecord
{
    public ObjectMeta? Metadata { get; init; }

    public PodSpec? Spec { get; init; }
}
