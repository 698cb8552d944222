using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>One port that becomes another.</summary>
internal sealed record PortMap(TransportProtocol Protocol, ushort Match, ushort Target)
{
    /// <summary>The protocol's name in rules and comments.</summary>
    public string ProtocolName => Protocol == TransportProtocol.Tcp ? "tcp" : "udp";
}
