using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter;
using Fairlead.Proxy.Netfilter.Iptables;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>What holds for both implementations of iptables.</summary>
public abstract class IptablesTrafficTests(ProxyNetwork network) : TrafficTests(network)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_of_others_in_the_same_chains_stay_where_they_are()
    {
        var program = Firewall.Options.IptablesProgram;
        await IptablesFirewall.ShellAsync(
            $"""
            {program} -t nat -A PREROUTING -d 192.0.2.1 -m comment --comment "someone else's" -j DNAT --to-destination 192.0.2.2
            {program} -t mangle -A FORWARD -o tailscale0 -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000
            """);
        var before = await Firewall.RulesAsync();
        var forwarder = await OpenAsync();
        await forwarder.ApplyAsync(
        [
            new ForwardingRule.IngressToBackends(AddressPlan.IPv4.Own, AddressPlan.IPv4.Backends),
            new ForwardingRule.IngressService("svc:web", AddressPlan.IPv4.Vip, AddressPlan.IPv4.ClusterIp),
        ], Stop);

        var there = (await Firewall.RulesAsync()).Where(rule => rule.Place == $"{program} nat PREROUTING").Select(rule => rule.Text).ToList();
        Assert.Equal(5, there.Count);
        Assert.Equal(3, there.FindIndex(text => text.Contains("192.0.2.1", StringComparison.Ordinal)));

        await forwarder.DisposeAsync();
        Assert.Equal(before, await Firewall.RulesAsync());
    }

    [Fact]
    public async Task Of_lines_that_are_refused_none_is_done_and_the_culprit_is_named()
    {
        var program = new IptablesProgram(Firewall.Options.IptablesProgram);

        var refused = await Assert.ThrowsAsync<ForwardingException>(() => program.RestoreAsync(
            ["*nat", "-A PREROUTING -d 192.0.2.7/32 -j DNAT --to-destination 192.0.2.8", "-A PREROUTING -d nonsense/32 -j ACCEPT", "COMMIT"], Stop));

        Assert.Contains($"'{Firewall.Options.IptablesProgram}-restore -w 10 --noflush' failed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await Firewall.RulesAsync(), rule => rule.Text.Contains("192.0.2.7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_ip6tables_a_rule_for_IPv6_says_what_is_missing()
    {
        await using var forwarder = await NetfilterForwarder.OpenAsync(
            Firewall.Options with { Ip6tablesProgram = "no-such-ip6tables" }, NullLogger<NetfilterForwarder>.Instance, Stop);
        Assert.False(forwarder.CarriesIPv6);

        var refused = await Assert.ThrowsAsync<ForwardingException>(() => forwarder.ApplyAsync(
            [new ForwardingRule.IngressToAddress(AddressPlan.IPv6.Own, AddressPlan.IPv6.ClusterIp)], Stop));

        Assert.Contains("ingress from fd7a:115c:a1e0::1 to fd00:96::10", refused.Message, StringComparison.Ordinal);
    }
}
