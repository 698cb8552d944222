namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Points of a packet's way (linux/netfilter.h) at which chains are called.</summary>
internal enum NftHook
{
    Prerouting = 0,
    Forward = 2,
    Postrouting = 4,
}
