using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Rendering;

/// <summary>Objects from manifests, for code that reads an informer's cache.</summary>
internal sealed class ManifestCache<T>(IEnumerable<T> objects) : IObjectCache<T>
    where T : class, IKubernetesObject
{
    private readonly Dictionary<ObjectKey, T> _objects = objects
        .GroupBy(obj => new ObjectKey(obj.Metadata.Namespace ?? "", obj.Metadata.Name ?? ""))
        .ToDictionary(group => group.Key, group => group.Last());

    public bool HasSynced => true;

    public int Count => _objects.Count;

    public T? Get(ObjectKey key) => _objects.GetValueOrDefault(key);

    public IReadOnlyList<T> List() => [.. _objects.Values];

    public IReadOnlyList<T> ByIndex(string index, string value) =>
        throw new ArgumentException($"Manifests have no index \"{index}\".", nameof(index));
}
