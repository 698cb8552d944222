namespace Fairlead.Tailnet.Filtering;

/// <summary>One rule of the packet filter, ready to be asked.</summary>
internal sealed record CompiledRule(AddressSet Sources, FilterDestination[] Destinations, ProtocolSet Protocols)
{
    /// <summary>Ports do not count for protocols that have none.</summary>
    public bool Allows(UInt128 source, UInt128 destination, ushort port, byte protocol)
    {
        if (!Protocols.Contains(protocol) || !Sources.Contains(source))
        {
            return false;
        }

        var hasPorts = protocol is IpProtocol.Tcp or IpProtocol.Udp;
        foreach (ref readonly var allowed in Destinations.AsSpan())
        {
            if (hasPorts
                ? allowed.Covers(destination, port)
                : destination >= allowed.Addresses.First && destination <= allowed.Addresses.Last)
            {
                return true;
            }
        }

        return false;
    }
}
