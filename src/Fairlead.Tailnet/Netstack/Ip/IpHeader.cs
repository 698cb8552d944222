namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>What the stack needs of the headers of a packet, of either family.</summary>
internal readonly record struct IpHeader
{
    public required IpAddress Source { get; init; }

    public required IpAddress Destination { get; init; }

    public required byte Protocol { get; init; }

    public required int PayloadOffset { get; init; }

    public required int PayloadLength { get; init; }

    public uint Identification { get; init; }

    /// <summary>In bytes.</summary>
    public int FragmentOffset { get; init; }

    public bool MoreFragments { get; init; }
}
