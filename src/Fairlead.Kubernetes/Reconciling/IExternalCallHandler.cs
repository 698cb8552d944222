namespace Fairlead.Kubernetes.Reconciling;

/// <summary>Carries out the calls of plans.</summary>
public interface IExternalCallHandler
{
    /// <summary>Makes the call; must be safe to repeat. A failure's message goes into conditions, so it must hold no secret.</summary>
    /// <returns>What later steps of the plan may need, or null.</returns>
    ValueTask<object?> CallAsync(ExternalCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back what a call returned: no object stores it, and no plan asks for it any more. Must be safe to repeat.
    /// </summary>
    ValueTask DiscardAsync(ExternalCall call, object result, CancellationToken cancellationToken);

    /// <summary>When a call that failed in this way makes sense again (HTTP <c>Retry-After</c>); null when unknown.</summary>
    TimeSpan? RetryAfter(Exception failure);
}
