namespace Fairlead.Dev.Runner;

/// <summary>Wakes one waiter; a signal that nobody waits for is kept, and several count as one.</summary>
internal sealed class WakeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _set = New();

    public void Set()
    {
        lock (_gate)
            _set.TrySetResult();
    }

    /// <summary>Waits for the signal, or until the time is up.</summary>
    public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Task set;
        lock (_gate)
            set = _set.Task;
        try
        {
            await set.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return;
        }

        lock (_gate)
        {
            if (_set.Task == set)
                _set = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
