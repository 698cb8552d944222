using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Runner.Environments;
using Fairlead.Dev.Runner.Images;
using Fairlead.Dev.Runner.Processes;

namespace Fairlead.Dev.Runner;

/// <summary>What the Pods of the node share.</summary>
internal sealed record NodeServices
{
    public required ClusterView View { get; init; }

    public required PodAddresses Addresses { get; init; }

    public required ClusterSources Sources { get; init; }

    public required PodEvents Events { get; init; }

    public required OrphanGuard Guard { get; init; }

    public required ImageCatalog Images { get; init; }

    /// <summary>Folder that holds a folder for each Pod.</summary>
    public required string PodFolders { get; init; }

    /// <summary>Folder of PersistentVolumeClaims, by namespace and name.</summary>
    public required string Claims { get; init; }

    public required ImmutableDictionary<string, string> Variables { get; init; }

    public ContainerEnvironment Environment => new(Sources);
}
