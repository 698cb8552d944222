using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>
/// What the operator keeps of Services. It has to watch those of the whole cluster, most of which concern it at best as the backend of an
/// Ingress.
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
        var concernsProxies = ConcernsProxies(service with { Metadata = kept });
        return new Service
        {
            Metadata = kept,
            Spec = service.Spec is not { } spec ? null : concernsProxies ? OfProxies(spec, NeedsPorts(kept)) : OfBackends(spec),
            Status = concernsProxies ? service.Status : null,
        };
    }

    /// <summary>Whether a Service, as it is kept, may have, have had or want a proxy; of the others only Ingresses may ask something.</summary>
    public static bool ConcernsProxies(Service kept) =>
        kept.Metadata.Labels is not null
        || kept.Metadata.Annotations is not null
        || kept.Spec?.Type == "LoadBalancer"
        || kept.Metadata.Finalizers?.Contains(ServiceProxyPlan.Finalizer) == true
        || ServiceProxyPlan.HasConditions(kept);

    private static ServiceSpec OfBackends(ServiceSpec spec) => new() { Type = spec.Type, ClusterIP = spec.ClusterIP, Ports = NamesAndNumbers(spec.Ports) };

    private static ServiceSpec OfProxies(ServiceSpec spec, bool withPorts) => new()
    {
        Type = spec.Type,
        ClusterIP = spec.ClusterIP,
        ExternalName = spec.ExternalName,
        LoadBalancerClass = spec.LoadBalancerClass,
        Selector = spec.Selector,
        IpFamilyPolicy = spec.IpFamilyPolicy,
        Ports = withPorts ? spec.Ports : NamesAndNumbers(spec.Ports),
    };

    private static IReadOnlyList<ServicePort>? NamesAndNumbers(IReadOnlyList<ServicePort>? ports) =>
        ports is null ? null : [.. ports.Select(port => new ServicePort { Name = port.Name, Port = port.Port })];

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
