namespace Fairlead.Tailnet.Tests.Netstack.Crafted;

/// <summary>The test's end of a connection: keeps the numbers, so that tests name only what they change.</summary>
internal sealed class CraftedPeer(StackUnderTest stack, uint ackNumber, uint seq)
{
    /// <summary>Next byte of the test's stream.</summary>
    public uint Seq { get; set; } = seq;

    /// <summary>Next byte expected of the stack's.</summary>
    public uint AckNumber { get; set; } = ackNumber;

    /// <summary>As on the wire.</summary>
    public int Window { get; set; } = 65_535;

    /// <summary>Those of the stack's SYN, if it sent any.</summary>
    public (uint Value, uint Echo)? Timestamps { get; init; }

    public Segment Segment(int flags = Crafted.Segment.Ack, byte[]? data = null, byte[]? options = null) =>
        new() { Seq = Seq, AckNumber = AckNumber, Flags = flags, Window = Window, Data = data ?? [], Options = options ?? [] };

    /// <summary>Sends a segment and moves on by what it takes up.</summary>
    public void Send(int flags = Crafted.Segment.Ack, byte[]? data = null, byte[]? options = null)
    {
        var segment = Segment(flags, data, options);
        Seq += (uint)segment.Data.Length + (segment.Has(Crafted.Segment.Fin) ? 1u : 0);
        stack.Receive(segment);
    }

    /// <summary>Takes the stack's next segment, which must be data, and counts it as received.</summary>
    public Segment Take()
    {
        var segment = stack.Next();
        Assert.Equal(AckNumber, segment.Seq);
        AckNumber += (uint)segment.Data.Length + (segment.Has(Crafted.Segment.Fin) ? 1u : 0);
        return segment;
    }
}
