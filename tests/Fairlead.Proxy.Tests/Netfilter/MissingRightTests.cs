using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Netfilter;

public sealed class MissingRightTests
{
    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public async Task Who_may_not_set_rules_is_told_which_capability_to_give(string mode)
    {
        NamespaceRun.RequireInside();
        if (mode == "iptables")
        {
            NamespaceRun.RequireProgram("iptables");
        }

        var refused = await Assert.ThrowsAsync<ForwardingException>(async () =>
        {
            await using var forwarder = await NetfilterForwarder.OpenAsync(
                new NetfilterOptions { FirewallMode = mode }, NullLogger<NetfilterForwarder>.Instance, TestContext.Current.CancellationToken);
            await forwarder.ApplyAsync([], TestContext.Current.CancellationToken);
        });

        Assert.Contains(mode, refused.Message, StringComparison.Ordinal);
        Assert.Contains("the capability NET_ADMIN", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_installed_is_named()
    {
        var refused = await Assert.ThrowsAsync<ForwardingException>(() => NetfilterForwarder.OpenAsync(
            new NetfilterOptions { FirewallMode = "iptables", IptablesProgram = "no-such-iptables" },
            NullLogger<NetfilterForwarder>.Instance,
            TestContext.Current.CancellationToken));

        Assert.Contains("'no-such-iptables' cannot be run", refused.Message, StringComparison.Ordinal);
        Assert.Contains("TS_DEBUG_FIREWALL_MODE=nftables", refused.Message, StringComparison.Ordinal);
    }
}
