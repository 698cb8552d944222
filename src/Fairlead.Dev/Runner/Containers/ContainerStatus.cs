namespace Fairlead.Dev.Runner.Containers;

/// <summary>A container at one moment.</summary>
/// <param name="Last">How the run before ended.</param>
/// <param name="IsStarted">Running, and past its startup probe.</param>
/// <param name="IsFinal">Terminated and not to be started again.</param>
internal sealed record ContainerStatus(
    ContainerState State, ContainerState.Terminated? Last = null, int Restarts = 0, bool IsStarted = false, bool IsReady = false, bool IsFinal = false)
{
    public static readonly ContainerStatus Initial = new(new ContainerState.Waiting("PodInitializing"));
}
