using System.Net.Sockets;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Relates families of tables to address families.</summary>
internal static class NftFamilies
{
    public static NftFamily Of(AddressFamily family) => family == AddressFamily.InterNetwork ? NftFamily.Ip : NftFamily.Ip6;

    /// <summary>As nft(8) writes it.</summary>
    public static string Word(this NftFamily family) => family == NftFamily.Ip ? "ip" : "ip6";
}
