using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Controllers;

internal static class LabelMapping
{
    public static IEnumerable<ObjectKey> Parents(IKubernetesObject value, string nameLabel, string? namespaceLabel)
    {
        var labels = value.Metadata.Labels;
        if (labels is null || !labels.TryGetValue(nameLabel, out var name) || name.Length == 0)
        {
            return [];
        }

        if (namespaceLabel is null)
        {
            return [new ObjectKey("", name)];
        }

        return labels.TryGetValue(namespaceLabel, out var ns) ? [new ObjectKey(ns, name)] : [];
    }
}
