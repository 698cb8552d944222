namespace Fairlead.Kubernetes.Controllers;

/// <summary>What a reconcile achieved and when the key is to be looked at again.</summary>
public readonly record struct ReconcileResult
{
    private ReconcileResult(ReconcileOutcome outcome, TimeSpan? after, string? reason)
    {
        Outcome = outcome;
        After = after;
        Reason = reason;
    }

    /// <summary>Nothing to do until something changes.</summary>
    public static ReconcileResult Done { get; }

    public ReconcileOutcome Outcome { get; }

    /// <summary>When to look again; for a retry, the shortest back-off.</summary>
    public TimeSpan? After { get; }

    /// <summary>Why a retry is needed; logged.</summary>
    public string? Reason { get; }

    /// <summary>All is well; look again after this time.</summary>
    public static ReconcileResult RequeueAfter(TimeSpan delay) => new(ReconcileOutcome.Requeued, delay, null);

    /// <summary>Something did not work: look again after the key's back-off.</summary>
    /// <param name="reason">For the log; no secrets.</param>
    /// <param name="after">Shortest wait, for example what a server asked for with <c>Retry-After</c>.</param>
    public static ReconcileResult Retry(string reason, TimeSpan? after = null) => new(ReconcileOutcome.Retried, after, reason);
}
