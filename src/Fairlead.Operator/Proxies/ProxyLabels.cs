using System.Collections.Immutable;

namespace Fairlead.Operator.Proxies;

/// <summary>Labels by which the objects of a proxy find their parent. Wire contract with installations of the upstream operator.</summary>
public static class ProxyLabels
{
    public const string Managed = "tailscale.com/managed";
    public const string ParentType = "tailscale.com/parent-resource-type";
    public const string ParentName = "tailscale.com/parent-resource";
    public const string ParentNamespace = "tailscale.com/parent-resource-ns";

    /// <summary>On what a ProxyGroup has made for a Service. It bears the labels of that Service's own proxy too, and is none of it.</summary>
    public const string ProxyGroup = "tailscale.com/proxy-group";

    /// <summary>On metrics Services: the StatefulSet whose Pods they select.</summary>
    public const string MetricsTarget = "tailscale.com/metrics-target";

    /// <summary>UID of the parent; selector of the proxy's StatefulSet and headless Service.</summary>
    public const string App = "app";

    /// <summary>The labels that identify the children of one parent.</summary>
    public static ImmutableSortedDictionary<string, string> For(ProxyParent parent) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
        [
            KeyValuePair.Create(Managed, "true"),
            KeyValuePair.Create(ParentType, parent.Type),
            KeyValuePair.Create(ParentName, parent.Name),
            KeyValuePair.Create(ParentNamespace, parent.Namespace),
        ]);

    /// <summary>The parent that an object's labels name; null when it is not an object of a proxy of the parent's own.</summary>
    public static ProxyParent? ParentOf(IReadOnlyDictionary<string, string>? labels) =>
        labels is not null
        && labels.TryGetValue(Managed, out var managed) && managed == "true"
        && !labels.ContainsKey(ProxyGroup)
        && labels.TryGetValue(ParentType, out var type)
        && labels.TryGetValue(ParentName, out var name)
        && labels.TryGetValue(ParentNamespace, out var ns)
            ? new ProxyParent(type, ns, name)
            : null;
}
