using System.Threading.Channels;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>The machine's time, but that waits of one certain length end when a test says so, and not before.</summary>
internal sealed class SkippedWaits(TimeSpan length) : TimeProvider
{
    private readonly Channel<Action> _waits = Channel.CreateUnbounded<Action>();

    /// <summary>Ends the next wait of that length, once there is one.</summary>
    public async Task SkipAsync()
    {
        using var limit = TrafficEnvironment.NewLimit();
        (await _waits.Reader.ReadAsync(limit.Token))();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != length)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        _waits.Writer.TryWrite(() => callback(state));
        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
