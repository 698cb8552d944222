using System.Net.Sockets;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>One thing that the kernel shall do with packets, in neither backend's language.</summary>
internal abstract record PacketRule
{
    public abstract AddressFamily Family { get; }
}
