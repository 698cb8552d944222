namespace Fairlead.Dev.Tailnet.Coordination.Faults;

/// <summary>What is wrong with all map streams at present.</summary>
internal sealed class MapFaults(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _held;

    /// <summary>Waited for before each message.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Holds all messages back until it is called again with false.</summary>
    public void Hold(bool hold)
    {
        lock (_gate)
        {
            if (hold)
            {
                _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return;
            }
            _held?.SetResult();
            _held = null;
        }
    }

    public async ValueTask DelayAsync(CancellationToken ct)
    {
        if (Delay > TimeSpan.Zero) await Task.Delay(Delay, time, ct);
        Task? held;
        lock (_gate) held = _held?.Task;
        if (held is not null) await held.WaitAsync(ct);
    }
}
