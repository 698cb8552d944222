using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Proxies;

/// <summary>Which parents a change of a proxy's objects concerns.</summary>
internal static class ProxyEvents
{
    /// <summary>Maps an object to its parent, if that is of the type.</summary>
    /// <param name="type">As <see cref="ProxyParent.Type"/>.</param>
    public static Func<IKubernetesObject, IEnumerable<ObjectKey>> Of(string type) =>
        child => ProxyLabels.ParentOf(child.Metadata.Labels) is { } parent && parent.Type == type ? [new ObjectKey(parent.Namespace, parent.Name)] : [];
}
