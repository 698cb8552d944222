namespace Fairlead.Kubernetes.Events;

/// <summary>Events that differ in their message only.</summary>
internal readonly record struct SimilarEvents(EventSubject Subject, EventType Type, string Reason);
