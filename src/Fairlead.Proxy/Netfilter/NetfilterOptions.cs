namespace Fairlead.Proxy.Netfilter;

/// <summary>How the kernel's packet filter is reached.</summary>
public sealed record NetfilterOptions
{
    /// <summary>Value of <c>TS_DEBUG_FIREWALL_MODE</c>: <c>nftables</c>, <c>iptables</c> or <c>auto</c>; without one, iptables where it is installed.</summary>
    public string? FirewallMode { get; init; }

    /// <summary>The TUN device of the tailscaled beside.</summary>
    public string TailnetInterface { get; init; } = "tailscale0";

    /// <summary>Name or path of the IPv4 program; its restoring counterpart has the suffix <c>-restore</c>.</summary>
    public string IptablesProgram { get; init; } = "iptables";

    /// <summary>Name or path of the IPv6 program; its restoring counterpart has the suffix <c>-restore</c>.</summary>
    public string Ip6tablesProgram { get; init; } = "ip6tables";
}
