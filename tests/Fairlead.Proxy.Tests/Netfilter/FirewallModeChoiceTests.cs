using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter;

namespace Fairlead.Proxy.Tests.Netfilter;

public sealed class FirewallModeChoiceTests
{
    [Theory]
    [InlineData("nftables", true, 9, 0, FirewallMode.Nftables)]
    [InlineData("iptables", false, 0, 9, FirewallMode.Iptables)]
    [InlineData(null, true, 0, 9, FirewallMode.Iptables)]
    [InlineData("", true, 0, 9, FirewallMode.Iptables)]
    [InlineData(null, false, 9, 0, FirewallMode.Nftables)]
    [InlineData("auto", true, 2, 1, FirewallMode.Iptables)]
    [InlineData("auto", true, 1, 2, FirewallMode.Nftables)]
    [InlineData("auto", true, 2, 2, FirewallMode.Nftables)]
    [InlineData("auto", true, 0, null, FirewallMode.Iptables)]
    [InlineData("auto", false, null, 0, FirewallMode.Nftables)]
    public async Task The_mode_follows_the_setting_what_is_installed_and_what_is_in_use(string? setting, bool installed, int? iptables, int? nftables, FirewallMode expected) =>
        Assert.Equal(expected, await FirewallModeChoice.ChooseAsync(setting, installed, () => Task.FromResult(iptables), () => Task.FromResult(nftables)));

    [Fact]
    public async Task An_unknown_setting_is_named()
    {
        var refused = await Assert.ThrowsAsync<ForwardingException>(
            () => FirewallModeChoice.ChooseAsync("ebtables", true, () => Task.FromResult<int?>(0), () => Task.FromResult<int?>(0)));

        Assert.Contains("TS_DEBUG_FIREWALL_MODE is 'ebtables'", refused.Message, StringComparison.Ordinal);
    }
}
