namespace Fairlead.Kubernetes.Events;

/// <summary>Severity of an Event; Kubernetes knows just these two.</summary>
public enum EventType
{
    Normal,
    Warning,
}
