using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>
/// What the operator keeps of Services. It has to watch those of the whole cluster, most of which do not concern it.
/// </summary>
public static class ServiceProjection
{
    private const string OurPrefix = "tailscale.com/";

    public static Service Keep(Service service)
    {
        var metadata = service.Metadata;
        var kept = new ObjectMeta
        {
            Name = metadata.Name,
            Namespace = metadata.Namespace,
            Uid = metadata.Uid,
            ResourceVersion = metadata.ResourceVersion,
            DeletionTimestamp = metadata.DeletionTimestamp,
            Labels = Ours(metadata.Labels),
            Annotations = Ours(metadata.Annotations),
            Finalizers = metadata.Finalizers,
        };
        var concernsUs = kept.Labels is not null
            || kept.Annotations is not null
            || service.Spec?.Type == "LoadBalancer"
            || metadata.Finalizers?.Contains(ServiceProxyPlan.Finalizer) == true
            || ServiceProxyPlan.HasConditions(service);
        return new Service
        {
            Metadata = kept,
            Spec = concernsUs ? Keep(service.Spec, NeedsPorts(kept)) : null,
            Status = concernsUs ? service.Status : null,
        };
    }

    private static ServiceSpec? Keep(ServiceSpec? spec, bool withPorts) => spec is null ? null : new ServiceSpec
    {
        Type = spec.Type,
        ClusterIP = spec.ClusterIP,
        ExternalName = spec.ExternalName,
        LoadBalancerClass = spec.LoadBalancerClass,
        Selector = spec.Selector,
        IpFamilyPolicy = spec.IpFamilyPolicy,
        Ports = withPorts ? spec.Ports : null,
    };

    /// <summary>Those of our own Services are compared; those of egress Services are what a proxy without privileges listens on.</summary>
    private static bool NeedsPorts(ObjectMeta kept) =>
        kept.Labels?.ContainsKey(ProxyLabels.Managed) == true
        || kept.Annotations?.Keys.Any(key => key is ServiceAnnotations.TailnetIp or ServiceAnnotations.TailnetTargetIp or ServiceAnnotations.TailnetFqdn) == true;

    private static Dictionary<string, string>? Ours(IReadOnlyDictionary<string, string>? all)
    {
        Dictionary<string, string>? ours = null;
        foreach (var (key, value) in all ?? new Dictionary<string, string>())
        {
            // The prefix covers what users write; of its own Services the operator compares all labels.
            if (key.StartsWith(OurPrefix, StringComparison.Ordinal) || all!.ContainsKey(ProxyLabels.Managed))
            {
                (ours ??= [])[key] = value;
            }
        }

        return ours;
    }
}
