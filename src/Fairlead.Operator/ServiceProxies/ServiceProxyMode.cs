using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Decides whether a Service wants a proxy, and where to.</summary>
public static class ServiceProxyMode
{
    /// <summary>The class that selects this operator; fixed, whatever the IngressClass is called.</summary>
    public const string LoadBalancerClass = "tailscale";

    /// <summary>Whether the ProxyGroup controllers have the Service; the key alone decides, even with an empty value.</summary>
    public static bool BelongsToProxyGroup(Service service) => Annotation(service, ServiceAnnotations.ProxyGroup) is not null;

    public static bool IsTailscaleLoadBalancer(Service service, OperatorSettings settings) =>
        service.Spec is { Type: "LoadBalancer" } spec
        && (spec.LoadBalancerClass == LoadBalancerClass || (string.IsNullOrEmpty(spec.LoadBalancerClass) && settings.DefaultLoadBalancer));

    /// <summary>The proxy's target; null when the Service asks for none. Ingress wins over egress.</summary>
    public static ProxyTarget? TargetOf(Service service, OperatorSettings settings)
    {
        var exposed = Annotation(service, ServiceAnnotations.Expose) == "true";
        var spec = service.Spec;
        if (spec?.ClusterIP is { Length: > 0 } clusterIp && (exposed || IsTailscaleLoadBalancer(service, settings)))
        {
            return ProxyTarget.ClusterIp(clusterIp);
        }

        if (exposed && spec is { Type: "ExternalName", ExternalName: { Length: > 0 } externalName })
        {
            return ProxyTarget.DnsName(externalName);
        }

        if (EgressAddress(service) is { } address)
        {
            return ProxyTarget.TailnetIp(address);
        }

        return Annotation(service, ServiceAnnotations.TailnetFqdn) is { Length: > 0 } name ? ProxyTarget.TailnetFqdn(name) : null;
    }

    internal static string? EgressAddress(Service service) =>
        Annotation(service, ServiceAnnotations.TailnetIp) is { Length: > 0 } address
            ? address
            : Annotation(service, ServiceAnnotations.TailnetTargetIp) is { Length: > 0 } deprecated ? deprecated : null;

    internal static string? Annotation(Service service, string key) =>
        service.Metadata.Annotations is { } annotations && annotations.TryGetValue(key, out var value) ? value : null;
}
