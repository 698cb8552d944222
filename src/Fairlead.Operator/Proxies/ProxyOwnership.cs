using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>Tells the children of a parent from those of an earlier object of the same name.</summary>
internal static class ProxyOwnership
{
    /// <summary>
    /// Whether some children select the Pods of another UID, as happens when somebody took the finalizer off an earlier parent.
    /// </summary>
    public static bool AreOfEarlierParent(ProxyChildren children, string parentUid) =>
        children.StatefulSets.Any(set => Differs(set.Spec?.Selector?.MatchLabels, parentUid))
        || children.HeadlessServices.Any(service => IsAbandoned(service, parentUid, children));

    // A headless Service's selector can be repaired; without a StatefulSet beside it, it is a left-over.
    private static bool IsAbandoned(Service service, string parentUid, ProxyChildren children) =>
        children.StatefulSets.IsEmpty && Differs(service.Spec?.Selector, parentUid);

    private static bool Differs(IReadOnlyDictionary<string, string>? selector, string parentUid) =>
        selector is not null && selector.TryGetValue(ProxyLabels.App, out var uid) && uid != parentUid;
}
