namespace Fairlead.Dev.Runner.Containers;

/// <summary>What a container does, as its Pod's status shows it.</summary>
internal abstract record ContainerState
{
    public sealed record Waiting(string Reason, string? Message = null) : ContainerState;

    public sealed record Running(DateTimeOffset StartedAt) : ContainerState;

    /// <param name="Message">What the container left in its termination message, or why it did not start.</param>
    public sealed record Terminated(int ExitCode, string Reason, string? Message, DateTimeOffset StartedAt, DateTimeOffset FinishedAt) : ContainerState;
}
