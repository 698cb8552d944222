using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Registry;

/// <summary>
/// The resource types being served. Changes replace an immutable table, so that a request sees one state throughout.
/// </summary>
internal sealed class ResourceRegistry
{
    private readonly Lock _gate = new();
    private volatile ResourceTable _table = ResourceTable.Empty;

    public ResourceTable Table => _table;

    /// <summary>Serves exactly these versions of a resource from now on; none: the resource is no longer served.</summary>
    public void Replace(string group, string plural, IEnumerable<ResourceDefinition> definitions)
    {
        lock (_gate)
        {
            var others = _table.All.Where(r => r.Definition.Group != group || r.Definition.Plural != plural);
            _table = new ResourceTable([.. others, .. definitions.Select(d => new ServedResource(d))]);
        }
    }

    public void AddRange(IEnumerable<ResourceDefinition> definitions)
    {
        lock (_gate)
            _table = new ResourceTable([.. _table.All, .. definitions.Select(d => new ServedResource(d))]);
    }
}
