namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ContainerStateWaiting : ExtensibleRecord
{
    /// <summary>For example <c>ImagePullBackOff</c> or <c>CrashLoopBackOff</c>.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }
}
