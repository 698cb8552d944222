using System.Buffers.Binary;

namespace Fairlead.Tailnet.WireGuard.Handshake;

/// <summary>
/// A point in time, in the form that initiations carry: as an initiation with an older one is ignored, none can be replayed.
/// </summary>
internal readonly record struct Tai64N(ulong Seconds, uint Nanoseconds) : IComparable<Tai64N>
{
    public const int Size = 12;

    // 2^62 stands for 1970, and the ten seconds TAI was ahead of UTC then.
    private const ulong UnixEpoch = 0x4000_0000_0000_000A;

    // A finer time would tell an observer how busy the processor is; a coarser one, that two initiations are the same.
    private const uint Granularity = 1 << 24;

    public static Tai64N From(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        var nanoseconds = (uint)(rest * TimeSpan.NanosecondsPerTick);
        return new Tai64N(UnixEpoch + (ulong)seconds, nanoseconds & ~(Granularity - 1));
    }

    /// <summary>The next later one.</summary>
    public Tai64N Next() => Nanoseconds + Granularity < 1_000_000_000 ? this with { Nanoseconds = Nanoseconds + Granularity } : new Tai64N(Seconds + 1, 0);

    public static Tai64N Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Seconds);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Nanoseconds);
    }

    public int CompareTo(Tai64N other) => (Seconds, Nanoseconds).CompareTo((other.Seconds, other.Nanoseconds));

    public static bool operator >(Tai64N left, Tai64N right) => left.CompareTo(right) > 0;

    public static bool operator <(Tai64N left, Tai64N right) => left.CompareTo(right) < 0;

    public static bool operator >=(Tai64N left, Tai64N right) => left.CompareTo(right) >= 0;

    public static bool operator <=(Tai64N left, Tai64N right) => left.CompareTo(right) <= 0;
}
