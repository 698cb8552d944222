namespace Fairlead.Proxy.Tests.GroupServices;

/// <summary>The system's time, but that waits of one certain length last until a test ends them.</summary>
internal sealed class HeldTime(TimeSpan held) : TimeProvider
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody waits that long.</summary>
    public Task Waiting => _waiting.Task;

    /// <summary>Ends these waits, and those to come.</summary>
    public void Release() => _released.TrySetResult();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != held)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        _ = _released.Task.ContinueWith(_ => callback(state), TaskScheduler.Default);
        _waiting.TrySetResult();
        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
