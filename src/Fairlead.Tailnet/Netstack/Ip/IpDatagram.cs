namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>What the IP layer hands to the layer above: a whole, checked datagram.</summary>
internal readonly ref struct IpDatagram
{
    public required IpAddress Source { get; init; }

    public required IpAddress Destination { get; init; }

    /// <summary>The upper layer's number, extension headers being behind.</summary>
    public required byte Protocol { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The packet as it came (of a fragmented one, the last fragment to arrive), to be quoted in ICMP errors.</summary>
    public required ReadOnlySpan<byte> Packet { get; init; }

    /// <summary>Put together from fragments: then <see cref="Packet"/> does not begin with the payload's beginning.</summary>
    public required bool Reassembled { get; init; }
}
