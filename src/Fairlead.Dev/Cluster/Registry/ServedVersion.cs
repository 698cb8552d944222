using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Registry;

internal sealed record ServedVersion(string Name, ImmutableArray<ServedResource> Resources);
