using Fairlead.Proxy.Netfilter.Netlink;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>The kernel refuses one change, and with it the whole batch.</summary>
internal sealed class NftRefusedException(NftOperation operation, NetlinkException reason) : Exception($"'{operation}' is refused: {reason.Message}", reason)
{
    public int Error => reason.Error;
}
