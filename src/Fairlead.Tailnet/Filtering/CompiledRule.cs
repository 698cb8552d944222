using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Filtering;

/// <summary>One rule of the packet filter, ready to be asked.</summary>
internal sealed record CompiledRule(AddressSet Sources, FilterDestination[] Destinations, ProtocolSet Protocols)
{
    /// <summary>
    /// An echo is let through wherever anything is, so that a path can be tested without a rule of its own; what else has no ports needs a
    /// rule for all of them.
    /// </summary>
    public bool Allows(UInt128 source, UInt128 destination, ushort port, byte protocol)
    {
        var isIcmp = protocol is IpProtocol.IcmpV4 or IpProtocol.IcmpV6;
        if ((!isIcmp && !Protocols.Contains(protocol)) || !Sources.Contains(source))
        {
            return false;
        }

        var hasPorts = protocol is IpProtocol.Tcp or IpProtocol.Udp;
        foreach (ref readonly var allowed in Destinations.AsSpan())
        {
            if (allowed.Covers(destination) && (isIcmp || (hasPorts ? allowed.Covers(port) : allowed.CoversAllPorts)))
            {
                return true;
            }
        }

        return false;
    }
}
