using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Netfilter;

/// <summary>Chooses the firewall mode from <c>TS_DEBUG_FIREWALL_MODE</c>, so that proxy and tailscaled in one Pod choose alike.</summary>
internal static class FirewallModeChoice
{
    public const string Variable = "TS_DEBUG_FIREWALL_MODE";

    /// <param name="setting">The variable's value: <c>nftables</c>, <c>iptables</c>, <c>auto</c>, or nothing.</param>
    /// <param name="iptablesInstalled">Whether the iptables program is found.</param>
    /// <param name="countIptablesRules">Rules in use there; null where iptables does not work. Asked for <c>auto</c> alone.</param>
    /// <param name="countNftablesRules">Rules in use there; null where the kernel has no nf_tables. Asked for <c>auto</c> alone.</param>
    /// <exception cref="ForwardingException">The setting is none of these.</exception>
    public static async Task<FirewallMode> ChooseAsync(
        string? setting, bool iptablesInstalled, Func<Task<int?>> countIptablesRules, Func<Task<int?>> countNftablesRules) => setting switch
        {
            "nftables" => FirewallMode.Nftables,
            "iptables" => FirewallMode.Iptables,
            null or "" => iptablesInstalled ? FirewallMode.Iptables : FirewallMode.Nftables,
            "auto" => Busier(await countIptablesRules().ConfigureAwait(false), await countNftablesRules().ConfigureAwait(false)),
            _ => throw new ForwardingException($"{Variable} is '{setting}'; set it to 'nftables', 'iptables' or 'auto', or leave it out."),
        };

    private static FirewallMode Busier(int? iptables, int? nftables) =>
        nftables is null || iptables > nftables ? FirewallMode.Iptables : FirewallMode.Nftables;
}
