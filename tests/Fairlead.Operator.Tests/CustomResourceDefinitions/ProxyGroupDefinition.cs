using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Operator.Resources;

namespace Fairlead.Operator.Tests.CustomResourceDefinitions;

/// <summary>Has ProxyGroups served as other operators do, with whatever in them.</summary>
internal static class ProxyGroupDefinition
{
    public static CustomResourceDefinition Instance { get; } = new()
    {
        ApiVersion = KubernetesResources.CustomResourceDefinitions.ApiVersion,
        Kind = KubernetesResources.CustomResourceDefinitions.Kind,
        Metadata = new() { Name = TailscaleResources.ProxyGroups.GroupResource },
        Spec = new()
        {
            Group = TailscaleResources.Group,
            Scope = "Cluster",
            Names = new()
            {
                Plural = TailscaleResources.ProxyGroups.Plural,
                Singular = "proxygroup",
                Kind = TailscaleResources.ProxyGroups.Kind,
                ListKind = "ProxyGroupList",
            },
            Versions =
            [
                new()
                {
                    Name = TailscaleResources.Version,
                    Served = true,
                    Storage = true,
                    Schema = new() { OpenAPIV3Schema = new() { Type = "object", PreserveUnknownFields = true } },
                },
            ],
        },
    };
}
