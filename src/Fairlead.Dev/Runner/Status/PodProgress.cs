using Fairlead.Dev.Runner.Containers;

namespace Fairlead.Dev.Runner.Status;

/// <summary>How far a Pod has come.</summary>
/// <param name="HasVolumes">Whether its volumes are there.</param>
/// <param name="IsInitialized">Whether its init containers have done their work.</param>
/// <param name="IsOver">Whether nothing of it runs or will run.</param>
/// <param name="Failure">Why the Pod as a whole failed, beyond what its containers tell.</param>
internal sealed record PodProgress(
    DateTimeOffset StartedAt,
    IReadOnlyList<ContainerSupervisor> InitContainers,
    IReadOnlyList<ContainerSupervisor> Containers,
    bool HasVolumes = false,
    bool IsInitialized = false,
    bool IsOver = false,
    (string Reason, string Message)? Failure = null);
