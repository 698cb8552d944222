namespace Fairlead.Dev.Cluster.Faults;

/// <summary>What happens to a request that a fault is for.</summary>
public abstract record FaultEffect
{
    private FaultEffect()
    {
    }

    /// <summary>The request is answered with a failure and not carried out.</summary>
    /// <param name="RetryAfterSeconds">Value of <c>Retry-After</c>; null: none.</param>
    public sealed record Fail(int Code, string Reason, string Message = "injected failure", int? RetryAfterSeconds = null) : FaultEffect;

    /// <summary>The request is carried out later.</summary>
    public sealed record Delay(TimeSpan Time) : FaultEffect;

    /// <summary>The request waits until the task completes.</summary>
    public sealed record Hold(Task Until) : FaultEffect;

    /// <summary>The connection is cut; the request is not carried out.</summary>
    public sealed record CutBefore : FaultEffect;

    /// <summary>The request is carried out, then the connection is cut without an answer.</summary>
    public sealed record CutAfter : FaultEffect;
}
