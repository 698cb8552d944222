using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Storage;

/// <summary>The objects of one type at one version of the store.</summary>
internal sealed record StoreSnapshot(long Version, ImmutableSortedDictionary<ObjectKey, StoredObject> Objects);
