namespace Fairlead.Kubernetes.Informers;

/// <summary>Whether the API server does streaming lists; found out once for all informers of a factory.</summary>
internal sealed class StreamingListSupport(bool wanted)
{
    private volatile bool _available = wanted;

    public bool Available => _available;

    public void RuleOut() => _available = false;
}
