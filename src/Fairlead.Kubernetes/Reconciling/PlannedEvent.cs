using Fairlead.Kubernetes.Events;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>An Event about the parent.</summary>
public sealed record PlannedEvent(EventType Type, string Reason, string Message)
{
    public static PlannedEvent Warning(string reason, string message) => new(EventType.Warning, reason, message);

    public static PlannedEvent Normal(string reason, string message) => new(EventType.Normal, reason, message);
}
