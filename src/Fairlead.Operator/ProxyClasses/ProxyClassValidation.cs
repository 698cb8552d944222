using System.Collections.Immutable;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>
/// Everything that is wrong with a class beyond what its schema excludes, each with the field and what to write instead. Paths
/// are spelled as upstream spells them.
/// </summary>
public static class ProxyClassValidation
{
    private const string Container = "spec.statefulSet.pod.tailscaleContainer";
    private const string InitContainer = "spec.statefulSet.pod.tailscaleInitContainer";

    public static ImmutableArray<string> Violations(ProxyClassSnapshot snapshot)
    {
        var spec = snapshot.Class.Spec;
        var found = ImmutableArray.CreateBuilder<string>();
        var set = spec?.StatefulSet;
        AddLabels(found, set?.Labels, ".spec.statefulSet.labels");
        AddAnnotations(found, set?.Annotations, ".spec.statefulSet.annotations");
        AddLabels(found, set?.Pod?.Labels, ".spec.statefulSet.pod.labels");
        AddAnnotations(found, set?.Pod?.Annotations, ".spec.statefulSet.pod.annotations");
        AddImage(found, set?.Pod?.TailscaleContainer, Container);
        AddImage(found, set?.Pod?.TailscaleInitContainer, InitContainer);
        if (set?.Pod?.TailscaleInitContainer?.Debug is not null)
        {
            found.Add($"{InitContainer}.debug: an init container has nothing to debug; "
                + "remove the block, or move it to tailscaleContainer");
        }

        if (spec?.Metrics?.ServiceMonitor is { Enable: true } && snapshot.ServiceMonitorsInstalled == false)
        {
            found.Add("spec.metrics.serviceMonitor: \"enable\" needs the definition servicemonitors.monitoring.coreos.com, which is not installed; "
                + "install Prometheus Operator, or disable it");
        }

        AddLabels(found, spec?.Metrics?.ServiceMonitor?.Labels, ".spec.metrics.serviceMonitor.labels");
        found.AddRange(StaticEndpointPorts.Violations(snapshot.Class, snapshot.ReadyClasses, snapshot.ClusterNodePorts));
        return found.ToImmutable();
    }

    /// <summary>Variables of the proxy's container that may defeat what the operator sets. They are let through.</summary>
    public static IEnumerable<string> RiskyVariables(ProxyClass proxyClass) =>
        from variable in proxyClass.Spec?.StatefulSet?.Pod?.TailscaleContainer?.Env ?? []
        let name = variable.Name ?? ""
        where name.StartsWith("TS_", StringComparison.Ordinal)
            || name.Equals("EXPERIMENTAL_TS_CONFIGFILE_PATH", StringComparison.OrdinalIgnoreCase)
            || name.Equals("EXPERIMENTAL_ALLOW_PROXYING_CLUSTER_TRAFFIC_VIA_INGRESS", StringComparison.OrdinalIgnoreCase)
        select name;

    /// <summary>Paths of the containers with claims on resources, which a class cannot fulfil.</summary>
    public static IEnumerable<string> ContainersWithClaims(ProxyClass proxyClass)
    {
        var pod = proxyClass.Spec?.StatefulSet?.Pod;
        if (pod?.TailscaleContainer?.Resources?.Claims is { Count: > 0 })
        {
            yield return Container;
        }

        if (pod?.TailscaleInitContainer?.Resources?.Claims is { Count: > 0 })
        {
            yield return InitContainer;
        }
    }

    private static void AddLabels(ImmutableArray<string>.Builder found, IReadOnlyDictionary<string, string>? labels, string path) =>
        found.AddRange(labels is null ? [] : MetadataRules.LabelViolations(labels, path));

    private static void AddAnnotations(ImmutableArray<string>.Builder found, IReadOnlyDictionary<string, string>? annotations, string path) =>
        found.AddRange(annotations is null ? [] : MetadataRules.AnnotationViolations(annotations, path));

    private static void AddImage(ImmutableArray<string>.Builder found, ProxyClassContainer? container, string path)
    {
        if (container?.Image is { Length: > 0 } image && ImageReference.Violation(image) is { } violation)
        {
            found.Add($"{path}.image: \"{image}\" is no image reference: {violation}");
        }
    }
}
