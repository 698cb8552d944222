using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Lays a ProxyClass over the StatefulSet that a proxy would have without one.</summary>
public static class ProxyClassOverlay
{
    private static readonly string[] ProtectedLabels =
        [ProxyLabels.Managed, ProxyLabels.ParentType, ProxyLabels.ParentName, ProxyLabels.ParentNamespace, ProxyLabels.App];

    private static readonly string[] ProtectedAnnotations =
    [
        "tailscale.com/operator-last-set-cluster-ip",
        "tailscale.com/operator-last-set-ts-tailnet-target-ip",
        "tailscale.com/operator-last-set-ts-tailnet-target-fqdn",
    ];

    public static StatefulSet Apply(StatefulSet baseSet, ProxyClass proxyClass, OverlayContext context)
    {
        ArgumentNullException.ThrowIfNull(baseSet);
        ArgumentNullException.ThrowIfNull(proxyClass);
        ArgumentNullException.ThrowIfNull(context);
        var custom = proxyClass.Spec?.StatefulSet;
        var template = baseSet.Spec?.Template ?? new PodTemplateSpec();
        var pod = template.Spec ?? new PodSpec();
        if (custom?.Pod is { } shape)
        {
            pod = Shaped(pod, shape);
        }

        return baseSet with
        {
            Metadata = Marked(baseSet.Metadata, custom?.Labels, custom?.Annotations),
            Spec = (baseSet.Spec ?? new StatefulSetSpec()) with
            {
                Template = template with
                {
                    Metadata = Marked(template.Metadata ?? new ObjectMeta(), custom?.Pod?.Labels, custom?.Pod?.Annotations),
                    Spec = pod with
                    {
                        Containers = Replaced(pod.Containers, ContainerOverlay.ProxyContainer, container => ContainerOverlay.ApplyToProxy(container, proxyClass, context)),
                        InitContainers = custom?.Pod?.TailscaleInitContainer is { } init
                            ? Replaced(pod.InitContainers, ContainerOverlay.ForwardingContainer, container => ContainerOverlay.Apply(container, init))
                            : pod.InitContainers,
                    },
                },
            },
        };
    }

    /// <summary>The fields that a pod block decides alone: what it leaves out gets unset, the operator's priority class too.</summary>
    private static PodSpec Shaped(PodSpec pod, ProxyClassPod shape) => pod with
    {
        SecurityContext = Context(pod.SecurityContext, shape.SecurityContext),
        ImagePullSecrets = shape.ImagePullSecrets,
        NodeName = shape.NodeName,
        NodeSelector = shape.NodeSelector,
        Affinity = shape.Affinity,
        Tolerations = shape.Tolerations,
        PriorityClassName = shape.PriorityClassName,
        TopologySpreadConstraints = shape.TopologySpreadConstraints,
        DnsPolicy = shape.DnsPolicy is { Length: > 0 } policy ? policy : pod.DnsPolicy,
        DnsConfig = shape.DnsConfig ?? pod.DnsConfig,
    };

    /// <summary>The class's, with the sysctls that the proxy needs unless the class has its own.</summary>
    private static PodSecurityContext? Context(PodSecurityContext? needed, PodSecurityContext? custom) =>
        needed?.Sysctls is { } sysctls && custom?.Sysctls is null ? (custom ?? new PodSecurityContext()) with { Sysctls = sysctls } : custom;

    private static ObjectMeta Marked(
        ObjectMeta metadata, IReadOnlyDictionary<string, string>? labels, IReadOnlyDictionary<string, string>? annotations) => metadata with
        {
            Labels = Merged(metadata.Labels, labels, ProtectedLabels),
            Annotations = Merged(metadata.Annotations, annotations, ProtectedAnnotations),
        };

    /// <summary>The custom entries with the protected ones on top; other existing entries go, as they do upstream.</summary>
    private static IReadOnlyDictionary<string, string>? Merged(
        IReadOnlyDictionary<string, string>? existing, IReadOnlyDictionary<string, string>? custom, string[] protectedKeys)
    {
        if (custom is null or { Count: 0 })
        {
            return existing;
        }

        var merged = new SortedDictionary<string, string>(custom.ToDictionary(), StringComparer.Ordinal);
        foreach (var key in protectedKeys)
        {
            if (existing is not null && existing.TryGetValue(key, out var value))
            {
                merged[key] = value;
            }
        }

        return merged;
    }

    private static IReadOnlyList<Container>? Replaced(IReadOnlyList<Container>? containers, string name, Func<Container, Container> overlay) =>
        containers is null ? null : [.. containers.Select(container => container.Name == name ? overlay(container) : container)];
}
