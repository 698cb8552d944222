using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.Resources;

/// <summary>The types of the API group <c>tailscale.com</c>.</summary>
public static class TailscaleResources
{
    public const string Group = "tailscale.com";
    public const string Version = "v1alpha1";

    public static ResourceType<ProxyClass> ProxyClasses { get; } =
        new(Group, Version, "ProxyClass", "proxyclasses", Namespaced: false, TailscaleJsonContext.Default.ProxyClass);

    /// <summary>ProxyGroups, of which only the metadata is read: whether they are there.</summary>
    public static ResourceType<PartialObjectMetadata> ProxyGroups { get; } =
        new(Group, Version, "ProxyGroup", "proxygroups", Namespaced: false, KubernetesResources.Services.MetadataOnly().Json);
}
