using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Storage;

/// <summary>One committed write.</summary>
/// <param name="Object">State after the write; for a deletion the last state, at the version of the deletion.</param>
/// <param name="Previous">State before the write; null for a creation.</param>
internal sealed record StoredChange(ChangeType Type, StoredObject Object, StoredObject? Previous)
{
    private StoredObject? _departed;

    public long Version => Object.Version;

    /// <summary>
    /// The previous state at this change's version: what a watch with a selector reports as deleted when the object leaves
    /// the selection. Computed once for all watchers.
    /// </summary>
    public StoredObject Departed(ResourceDefinition definition) =>
        _departed ??= StoredObject.Freeze(definition, Previous!.Thaw(definition), Version);
}
