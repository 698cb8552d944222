using Fairlead.Kubernetes.Resources.Apps;

namespace Fairlead.Operator.Proxies;

/// <summary>Tells what is done to a StatefulSet from what its controller reports of it, which is most of what a watch brings.</summary>
internal static class ProxyStatefulSetChange
{
    /// <summary>Whether a plan could differ: another spec, other labels or annotations, a deletion, the first Pod or the last.</summary>
    public static bool Matters(StatefulSet before, StatefulSet after) =>
        before.Metadata.Uid != after.Metadata.Uid
        || before.Metadata.Generation != after.Metadata.Generation
        || before.Metadata.DeletionTimestamp != after.Metadata.DeletionTimestamp
        || (before.Status?.Replicas is > 0) != (after.Status?.Replicas is > 0)
        || Differ(before.Metadata.Labels, after.Metadata.Labels)
        || Differ(before.Metadata.Annotations, after.Metadata.Annotations);

    private static bool Differ(IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string>? after) =>
        (before?.Count ?? 0) != (after?.Count ?? 0)
        || (before ?? new Dictionary<string, string>()).Any(entry => !after!.TryGetValue(entry.Key, out var value) || value != entry.Value);
}
