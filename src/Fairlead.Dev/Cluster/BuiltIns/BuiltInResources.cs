using System.Collections.Immutable;
using Fairlead.Dev.Cluster.BuiltIns.Catalog;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>The resource types that every cluster has.</summary>
public static class BuiltInResources
{
    /// <summary>
    /// Definitions for one server. Strategies hold that server's allocations (addresses, node ports), so two servers need two calls.
    /// Columns leave out <c>Name</c>, which every table starts with.
    /// </summary>
    public static ImmutableArray<ResourceDefinition> All(BuiltInOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. CoreResources.All(options), .. WorkloadResources.All(), .. ClusterResources.All(options)];
    }
}
