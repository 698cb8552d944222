using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Client;

/// <summary>One change, or progress without one.</summary>
/// <param name="Object">Null only for a bookmark.</param>
/// <param name="ResourceVersion">Where to resume a watch after this event.</param>
/// <param name="InitialEventsEnd">The bookmark that closes the initial state of a streaming list.</param>
public readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, string ResourceVersion, bool InitialEventsEnd = false)
    where T : class, IKubernetesObject;
