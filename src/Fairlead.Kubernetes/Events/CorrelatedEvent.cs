using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Kubernetes.Events;

/// <summary>An Event to write: a new one, or one more occurrence of one that was written before.</summary>
/// <param name="Identity">Same for all occurrences.</param>
internal sealed record CorrelatedEvent((SimilarEvents Similar, string Message) Identity, Event Event, bool Repeated);
