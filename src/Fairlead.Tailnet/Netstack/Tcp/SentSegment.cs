namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What the sender remembers of a segment in flight.</summary>
internal struct SentSegment
{
    public uint Start;
    public uint End;

    /// <summary>When it was sent last, in microseconds of the stack's clock.</summary>
    public long SentAt;

    /// <summary>The peer said that it has it.</summary>
    public bool Sacked;

    /// <summary>Taken for lost, and not yet sent again.</summary>
    public bool Lost;

    /// <summary>Sent more than once.</summary>
    public bool Retransmitted;

    public readonly uint Length => End - Start;

    /// <summary>Counted as being on its way.</summary>
    public readonly bool InFlight => !Sacked && !Lost;
}
