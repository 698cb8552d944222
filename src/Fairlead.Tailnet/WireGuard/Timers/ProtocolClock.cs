namespace Fairlead.Tailnet.WireGuard.Timers;

/// <summary>The time provider's clock, and the protocol's limits in its units, so that a packet costs a subtraction and no conversion.</summary>
internal sealed class ProtocolClock(TimeProvider time, Random jitter)
{
    /// <summary>Later than any point in time.</summary>
    public const long Never = long.MaxValue;

    private readonly long _earlyRetry = Ticks(time, ProtocolLimits.EarlyRetry);

    public long Now => time.GetTimestamp();

    public long RekeyAfterTime { get; } = Ticks(time, ProtocolLimits.RekeyAfterTime);

    public long RejectAfterTime { get; } = Ticks(time, ProtocolLimits.RejectAfterTime);

    /// <summary>Age at which an initiator that only receives begins anew: late enough to be rare, early enough for a retry.</summary>
    public long RekeyOnReceiveAfterTime { get; } =
        Ticks(time, ProtocolLimits.RejectAfterTime - ProtocolLimits.KeepAliveTimeout - ProtocolLimits.RekeyTimeout);

    public long RekeyAttemptTime { get; } = Ticks(time, ProtocolLimits.RekeyAttemptTime);

    public long RekeyTimeout { get; } = Ticks(time, ProtocolLimits.RekeyTimeout);

    public long KeepAliveTimeout { get; } = Ticks(time, ProtocolLimits.KeepAliveTimeout);

    /// <summary>How long a sender waits for any answer before it believes the session to be gone.</summary>
    public long AnswerTimeout { get; } = Ticks(time, ProtocolLimits.KeepAliveTimeout + ProtocolLimits.RekeyTimeout);

    public long ForgetAfterTime { get; } = Ticks(time, ProtocolLimits.ForgetAfterTime);

    public long InitiationDelay { get; } = Ticks(time, ProtocolLimits.InitiationDelay);

    public long InitiationInterval { get; } = Ticks(time, ProtocolLimits.InitiationInterval);

    public long AnnouncementInterval { get; } = Ticks(time, TimeSpan.FromSeconds(1));

    /// <summary>How soon after an initiation another may follow when there is reason to; twice as long after each that was of no use.</summary>
    public long EarlyRetryAfter(int earlyRetries) => Math.Min(RekeyTimeout, _earlyRetry << Math.Min(earlyRetries, 8));

    public long Jitter() => Ticks(time, TimeSpan.FromMilliseconds(jitter.Next(ProtocolLimits.MaxJitterMilliseconds + 1)));

    public long Duration(TimeSpan duration) => Ticks(time, duration);

    /// <summary>From now until then; zero if it is past.</summary>
    public TimeSpan Until(long then)
    {
        var now = Now;
        return time.GetElapsedTime(now, Math.Max(now, then));
    }

    private static long Ticks(TimeProvider time, TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
