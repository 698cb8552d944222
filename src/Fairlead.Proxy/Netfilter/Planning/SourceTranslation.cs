using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>What goes to one destination comes from the device: tailnet peers know no other address of this Pod.</summary>
internal sealed record SourceTranslation(IPAddress Destination, IPAddress Source) : PacketRule
{
    public override AddressFamily Family => Destination.AddressFamily;
}
