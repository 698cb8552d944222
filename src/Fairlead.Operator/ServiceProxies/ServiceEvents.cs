using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Which Services a change concerns.</summary>
internal static class ServiceEvents
{
    private static readonly Func<IKubernetesObject, IEnumerable<ObjectKey>> ParentOf = ProxyEvents.Of(ProxyParent.ServiceType);

    /// <summary>A proxy's own Service concerns its parent; any other Service itself, if it has, had or wants a proxy.</summary>
    public static IEnumerable<ObjectKey> KeysOf(Service service)
    {
        if (ProxyLabels.ParentOf(service.Metadata.Labels) is not null)
        {
            return ParentOf(service);
        }

        // Those of a ProxyGroup are among them: whether one has a proxy of its own from before, only the proxy's objects tell for sure.
        var concernsUs = ServiceProjection.ConcernsProxies(service) && service.Metadata.Labels?.ContainsKey(ProxyLabels.Managed) != true;
        return concernsUs ? [new ObjectKey(service.Metadata.Namespace ?? "", service.Metadata.Name ?? "")] : [];
    }
}
