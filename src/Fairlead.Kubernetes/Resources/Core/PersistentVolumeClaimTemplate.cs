using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record PersistentVolumeClaimTemplate : ExtensibleRecord
{
    public ObjectMeta? Metadata { get; init; }

    public PersistentVolumeClaimSpec? Spec { get; init; }
}
