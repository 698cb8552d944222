using System.Net.Sockets;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>
/// TCP connections through the tailnet use segments that fit its smaller MTU, even where the ICMP messages that would say so are lost.
/// </summary>
internal sealed record SegmentSizeClamp(AddressFamily Of) : PacketRule
{
    public override AddressFamily Family => Of;
}
