namespace Fairlead.Tailnet.Filtering;

/// <summary>A conversation as this node sees it. Ports are 0 where the protocol has none; an ICMP echo has its identifier as the local one.</summary>
internal readonly record struct FlowKey(UInt128 Local, UInt128 Remote, ushort LocalPort, ushort RemotePort, byte Protocol)
{
    public static FlowKey Inbound(in IpHeaders headers) => headers.IsIcmp
        ? new FlowKey(headers.Destination, headers.Source, headers.SourcePort, 0, headers.Protocol)
        : new FlowKey(headers.Destination, headers.Source, headers.DestinationPort, headers.SourcePort, headers.Protocol);

    public static FlowKey Outbound(in IpHeaders headers) =>
        new(headers.Source, headers.Destination, headers.SourcePort, headers.DestinationPort, headers.Protocol);

    public bool Equals(FlowKey other) =>
        Local == other.Local && Remote == other.Remote && LocalPort == other.LocalPort && RemotePort == other.RemotePort && Protocol == other.Protocol;

    public override int GetHashCode() =>
        HashCode.Combine((ulong)Local, (ulong)(Local >> 64), (ulong)Remote, (ulong)(Remote >> 64), (LocalPort << 16) | RemotePort, Protocol);
}
