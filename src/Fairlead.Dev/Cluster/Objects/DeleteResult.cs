using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Objects;

/// <param name="Object">The object after the request: its last state when it is gone.</param>
/// <param name="Gone">False while finalizers or a grace period hold the object.</param>
internal sealed record DeleteResult(StoredObject Object, bool Gone);
