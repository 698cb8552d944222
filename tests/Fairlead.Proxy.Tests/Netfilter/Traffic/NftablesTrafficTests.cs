using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter;
using Fairlead.Proxy.Netfilter.Netlink;
using Fairlead.Proxy.Netfilter.Nftables;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

public sealed class NftablesTrafficTests(ProxyNetwork network) : TrafficTests(network), IClassFixture<ProxyNetwork>
{
    private protected override IFirewall Firewall { get; } = new NftablesFirewall();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_exit_no_table_or_chain_of_its_own_is_left()
    {
        await Firewall.ResetAsync();
        var forwarder = await OpenAsync();
        await forwarder.ApplyAsync(
            [new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, AddressPlan.IPv6.Own, AddressPlan.IPv6.Peer, 5432)], Stop);
        using var client = new NftClient();
        Assert.Equal(
            ["filter ts-clamp", "nat POSTROUTING", "nat db"],
            client.Read().Chains.Select(chain => $"{chain.Table} {chain.Name}").Order(StringComparer.Ordinal));

        await forwarder.DisposeAsync();

        Assert.Empty(client.Read().Chains);
        Assert.Empty(client.Read().Tables);
    }

    [Fact]
    public async Task A_name_that_turns_out_to_stand_for_IPv6_has_the_kernel_forward_it()
    {
        const string Setting = "/proc/sys/net/ipv6/conf/all/forwarding";
        await File.WriteAllTextAsync(Setting, "0", Stop);
        await using var forwarder = await OpenAsync();

        await forwarder.ApplyAsync([new ForwardingRule.IngressToBackends(AddressPlan.IPv6.Own, AddressPlan.IPv6.Backends)], Stop);

        Assert.Equal("1", (await File.ReadAllTextAsync(Setting, Stop)).Trim());
    }

    [Fact]
    public async Task Changes_on_rules_that_others_changed_meanwhile_are_refused()
    {
        using var client = new NftClient();
        var seen = client.Read().Generation;
        await Firewall.ResetAsync();

        var refused = Assert.Throws<NetlinkException>(() => client.Commit(seen, [NftOperation.AddTable(NftFamily.Ip, "nat")]));

        Assert.Equal(NetlinkException.Stale, refused.Error);
        Assert.Empty(client.Read().Tables);
    }

    [Fact]
    public void Of_a_batch_that_is_refused_nothing_is_done()
    {
        using var client = new NftClient();

        var refused = Assert.Throws<NftRefusedException>(() => client.Commit(client.Read().Generation,
        [
            NftOperation.AddTable(NftFamily.Ip, "half"),
            NftOperation.DeleteChain(NftFamily.Ip, "half", "unheard-of"),
            NftOperation.AddTable(NftFamily.Ip6, "half"),
        ]));

        Assert.Contains("'delete chain ip half unheard-of'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("errno 2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(client.Read().Tables, table => table.Name == "half");
    }

    [Fact]
    public async Task A_chain_that_means_something_else_is_named()
    {
        using (var client = new NftClient())
        {
            client.Commit(client.Read().Generation, [NftOperation.AddChain(NftFamily.Ip, NftBaseChain.Clamp with { Name = "db", Table = "nat" })]);
        }

        await using var forwarder = await OpenAsync();
        var refused = await Assert.ThrowsAsync<ForwardingException>(() => forwarder.ApplyAsync(
            [new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, AddressPlan.IPv4.Own, AddressPlan.IPv4.Peer, 5432)], Stop));

        Assert.Contains("chain 'db' in table 'ip nat'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Automatically_nf_tables_are_chosen_where_a_tailscaled_uses_them()
    {
        await using var forwarder = await NetfilterForwarder.OpenAsync(
            Firewall.Options with { FirewallMode = "auto", IptablesProgram = "no-such-iptables" }, NullLogger<NetfilterForwarder>.Instance, Stop);

        Assert.Equal(FirewallMode.Nftables, forwarder.Mode);
    }
}
