using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Controllers.Lifecycle;

/// <summary>The stored resource types that the server serves, as they come with CustomResourceDefinitions.</summary>
internal sealed class ServedTypes(ClusterView view, Func<IReadOnlyList<ResourceDefinition>> served)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _followed = [];
    private volatile IReadOnlyList<ResourceDefinition> _all = [];

    /// <summary>Told of each new type before its objects are followed.</summary>
    public event Action<ResourceDefinition>? Added;

    public IReadOnlyList<ResourceDefinition> All => _all;

    public ResourceDefinition? Find(string apiVersion, string kind)
    {
        // Owners may be named at any served version.
        var group = apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion[..apiVersion.IndexOf('/', StringComparison.Ordinal)] : "";
        return _all.FirstOrDefault(t => t.Group == group && t.Kind == kind);
    }

    /// <summary>Looks for types that are new or gone.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            _all = [.. served().Where(t => t.Review is null && t.Verbs.Contains("watch") && t.Verbs.Contains("delete")).DistinctBy(t => t.GroupResource)];
            _followed.IntersectWith(_all.Select(t => t.GroupResource));
            foreach (var type in _all.Where(t => _followed.Add(t.GroupResource)))
            {
                Added?.Invoke(type);
                view.Follow(type.Group, type.Plural);
            }
        }
    }
}
