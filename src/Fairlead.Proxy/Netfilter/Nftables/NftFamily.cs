namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Families of tables (linux/netfilter.h): rules of one see packets of one address family alone.</summary>
internal enum NftFamily : byte
{
    /// <summary>None in particular: asks for all.</summary>
    Unspecified = 0,
    Ip = 2,
    Ip6 = 10,
}
