using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>What the operator keeps of proxies' Pods: who they are and how they fare.</summary>
public static class ProxyPodProjection
{
    public static Pod Keep(Pod pod) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = pod.Metadata.Name,
            Namespace = pod.Metadata.Namespace,
            Uid = pod.Metadata.Uid,
            ResourceVersion = pod.Metadata.ResourceVersion,
            DeletionTimestamp = pod.Metadata.DeletionTimestamp,
            Labels = pod.Metadata.Labels,
            Finalizers = pod.Metadata.Finalizers,
        },
        Spec = pod.Spec?.NodeName is { } node ? new PodSpec { NodeName = node } : null,
        Status = pod.Status is null ? null : new PodStatus
        {
            Phase = pod.Status.Phase,
            Conditions = pod.Status.Conditions,
            ContainerStatuses = pod.Status.ContainerStatuses,
            InitContainerStatuses = pod.Status.InitContainerStatuses,
        },
    };
}
