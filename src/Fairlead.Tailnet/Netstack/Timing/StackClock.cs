namespace Fairlead.Tailnet.Netstack.Timing;

/// <summary>Time as the stack counts it: microseconds since it began, never 0.</summary>
internal sealed class StackClock
{
    public const long Never = long.MaxValue;
    public const long Millisecond = 1_000;
    public const long Second = 1_000_000;

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly double _microsecondsPerTick;

    public StackClock(TimeProvider time)
    {
        _time = time;
        _microsecondsPerTick = (double)Second / time.TimestampFrequency;
        _origin = time.GetTimestamp();
    }

    public TimeProvider Time => _time;

    public long Now => (long)((_time.GetTimestamp() - _origin) * _microsecondsPerTick) + 1;

    public static long From(TimeSpan duration) => duration == Timeout.InfiniteTimeSpan ? Never : (long)duration.TotalMicroseconds;
}
