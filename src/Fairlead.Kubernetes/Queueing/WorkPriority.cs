namespace Fairlead.Kubernetes.Queueing;

/// <summary>Priorities of queued work; larger goes first. Any integer is valid.</summary>
public static class WorkPriority
{
    /// <summary>Objects that were there when the process started: they can wait for what is changing now.</summary>
    public const int Initial = -100;

    public const int Normal = 0;

    /// <summary>Work somebody is waiting for.</summary>
    public const int Urgent = 100;
}
