using Fairlead.Operator.Configuration;

namespace Fairlead.Operator.Proxies;

/// <summary>How proxies that forward in the kernel are told to write its rules.</summary>
internal static class FirewallMode
{
    /// <summary>What is wrong with the operator's setting, and what to write instead; null when nothing is, or when no proxy reads it.</summary>
    public static string? Violation(OperatorSettings settings) =>
        settings.ProxyEngine == ProxyEngine.Tailscaled && settings.ProxyFirewallMode is not ("" or "auto" or "nftables" or "iptables")
            ? $"unable to provision a proxy: invalid operator configuration: PROXY_FIREWALL_MODE is \"{settings.ProxyFirewallMode}\"; "
                + "set it to auto, nftables or iptables"
            : null;
}
