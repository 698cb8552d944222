namespace Fairlead.Proxy.Netfilter;

/// <summary>Which of the kernel's two interfaces to its packet filter is used.</summary>
public enum FirewallMode
{
    /// <summary>Through the programs <c>iptables</c> and <c>ip6tables</c>.</summary>
    Iptables,

    /// <summary>Through nf_tables' netlink messages; no program is needed.</summary>
    Nftables,
}
