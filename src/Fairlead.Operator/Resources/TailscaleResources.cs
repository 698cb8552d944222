using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Resources.Connectors;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Operator.Resources.ProxyGroupPolicies;
using Fairlead.Operator.Resources.ProxyGroups;
using Fairlead.Operator.Resources.Tailnets;

namespace Fairlead.Operator.Resources;

/// <summary>The types of the API group <c>tailscale.com</c>.</summary>
public static class TailscaleResources
{
    public const string Group = "tailscale.com";
    public const string Version = "v1alpha1";

    public static ResourceType<Connector> Connectors { get; } =
        new(Group, Version, "Connector", "connectors", Namespaced: false, TailscaleJsonContext.Default.Connector);

    public static ResourceType<ProxyClass> ProxyClasses { get; } =
        new(Group, Version, "ProxyClass", "proxyclasses", Namespaced: false, TailscaleJsonContext.Default.ProxyClass);

    public static ResourceType<ProxyGroup> ProxyGroups { get; } =
        new(Group, Version, "ProxyGroup", "proxygroups", Namespaced: false, TailscaleJsonContext.Default.ProxyGroup);

    public static ResourceType<ProxyGroupPolicy> ProxyGroupPolicies { get; } =
        new(Group, Version, "ProxyGroupPolicy", "proxygrouppolicies", Namespaced: true, TailscaleJsonContext.Default.ProxyGroupPolicy);

    public static ResourceType<Tailnet> Tailnets { get; } =
        new(Group, Version, "Tailnet", "tailnets", Namespaced: false, TailscaleJsonContext.Default.Tailnet);
}
