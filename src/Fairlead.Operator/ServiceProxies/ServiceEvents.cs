using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Which Services a change concerns.</summary>
internal static class ServiceEvents
{
    /// <summary>A proxy's own Service concerns its parent; any other Service itself, if it has, had or wants a proxy.</summary>
    public static IEnumerable<ObjectKey> KeysOf(Service service)
    {
        if (ProxyLabels.ParentOf(service.Metadata.Labels) is not null)
        {
            return ParentOf(service);
        }

        // The projection drops the spec of Services that ask for nothing and hold nothing of ours. Those of a ProxyGroup are among the others:
        // whether one has a proxy of its own from before, only the proxy's objects tell for sure.
        var concernsUs = service.Spec is not null && service.Metadata.Labels?.ContainsKey(ProxyLabels.Managed) != true;
        return concernsUs ? [new ObjectKey(service.Metadata.Namespace ?? "", service.Metadata.Name ?? "")] : [];
    }

    public static IEnumerable<ObjectKey> ParentOf(IKubernetesObject child) =>
        ProxyLabels.ParentOf(child.Metadata.Labels) is { Type: ProxyParent.ServiceType } parent
            ? [new ObjectKey(parent.Namespace, parent.Name)]
            : [];
}
