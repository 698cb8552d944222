using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Runner.Environments;
using Fairlead.Dev.Runner.Images;
using Fairlead.Dev.Runner.Processes;
using Fairlead.Dev.Runner.Volumes;

namespace Fairlead.Dev.Runner;

/// <summary>What the parts of one running Pod share.</summary>
internal sealed class PodContext(JsonObject pod)
{
    private volatile JsonObject _pod = pod;

    /// <summary>The Pod as last seen; shared, not to be changed.</summary>
    public JsonObject Pod
    {
        get => _pod;
        set => _pod = value;
    }

    public required PodAddress Address { get; init; }

    public required PodDirectory Directory { get; init; }

    public required PodVolumes Volumes { get; init; }

    public required ContainerEnvironment Environment { get; init; }

    public required ImageCatalog Images { get; init; }

    /// <summary>What every container of this node has in its environment.</summary>
    public required ImmutableDictionary<string, string> Variables { get; init; }

    public required OrphanGuard Guard { get; init; }

    public required PodEvents Events { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Told whenever a container's status has changed.</summary>
    public required Action StatusChanged { get; init; }
}
