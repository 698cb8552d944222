namespace Fairlead.Kubernetes.Events;

/// <summary>The object an Event is about.</summary>
internal readonly record struct EventSubject(string ApiVersion, string Kind, string Namespace, string Name, string Uid);
