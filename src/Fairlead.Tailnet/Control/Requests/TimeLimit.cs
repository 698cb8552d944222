using Fairlead.Tailnet.Timing;

namespace Fairlead.Tailnet.Control.Requests;

/// <summary>An end to calls that a server leaves without an answer, without a timer each.</summary>
internal static class TimeLimit
{
    /// <summary>As long as a silent map stream is waited for.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(120);

    /// <exception cref="TimeoutException">The call did not end in time.</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan limit, TimeProvider time, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        // Holds nothing that would need disposal, and the deadline may fire while it is no longer used.
        var late = new CancellationTokenSource();
        using var deadline = new Deadline(time, () => _ = late.CancelAsync());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        deadline.Set(limit);
        try
        {
            return await call(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The coordination server gave no answer for {limit.TotalSeconds:F0} s.", e);
        }
    }
}
