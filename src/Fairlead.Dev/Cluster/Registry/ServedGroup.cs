using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Registry;

/// <param name="Versions">Most preferred first.</param>
internal sealed record ServedGroup(string Name, ImmutableArray<ServedVersion> Versions);
