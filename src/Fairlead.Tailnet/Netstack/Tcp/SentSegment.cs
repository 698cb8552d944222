using System.Runtime.CompilerServices;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What the sender remembers of a segment in flight. State and links are the <see cref="SentQueue"/>'s to change.</summary>
internal struct SentSegment
{
    public uint Start;
    public uint End;

    /// <summary>When it was sent last, in microseconds of the stack's clock.</summary>
    public long SentAt;

    /// <summary>Numbers of those in flight that were sent just before and just after; its own where there is none.</summary>
    public uint Earlier;
    public uint Later;

    /// <summary>Of one that the peer has: how many in a row, from this one on, are known to be so as well. At least 1.</summary>
    public int Run;

    /// <summary>The peer said that it has it.</summary>
    public bool Sacked;

    /// <summary>Taken for lost, and not yet sent again.</summary>
    public bool Lost;

    /// <summary>Sent more than once.</summary>
    public bool Retransmitted;

    /// <summary>Bytes of memory that each takes.</summary>
    public static int Size => Unsafe.SizeOf<SentSegment>();

    public readonly uint Length => End - Start;

    /// <summary>Counted as being on its way.</summary>
    public readonly bool InFlight => !Sacked && !Lost;

    public readonly bool WasSentAfter(in SentSegment other) => RackDetector.SentAfter(SentAt, End, other.SentAt, other.End);
}
