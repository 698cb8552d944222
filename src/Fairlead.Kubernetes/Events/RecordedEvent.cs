using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Kubernetes.Events;

/// <summary>What a caller reported, before correlation.</summary>
internal sealed record RecordedEvent(ObjectReference Involved, EventType Type, string Reason, string Message, DateTimeOffset At)
{
    public SimilarEvents Similarity => new(SubjectOf(Involved), Type, Reason);

    public static EventSubject SubjectOf(ObjectReference involved) =>
        new(involved.ApiVersion ?? "", involved.Kind ?? "", involved.Namespace ?? "", involved.Name ?? "", involved.Uid ?? "");
}
