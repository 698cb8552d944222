using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;
using Fairlead.Proxy.Tests.Netfilter.Traffic;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Netfilter.Nftables;

public sealed class NftListingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_nft_lists_is_what_was_meant()
    {
        NamespaceRun.RequireInside();
        await using var forwarder = await NetfilterForwarder.OpenAsync(new NetfilterOptions { FirewallMode = "nftables" }, NullLogger<NetfilterForwarder>.Instance, Stop);
        var plan = AddressPlan.IPv6;
        await forwarder.ApplyAsync(
        [
            new ForwardingRule.IngressToBackends(AddressPlan.IPv4.Own, [AddressPlan.IPv4.Backends[0], AddressPlan.IPv4.Backends[1]]),
            new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, plan.Own, plan.Peer, 5432),
        ], Stop);

        var listed = (await IptablesFirewall.ShellAsync("nft list ruleset")).Replace("\t", "", StringComparison.Ordinal).Split('\n');

        Assert.Contains("type nat hook prerouting priority dstnat; policy accept;", listed);
        Assert.Contains("type filter hook forward priority mangle; policy accept;", listed);
        Assert.Contains("ip daddr 100.64.0.1 numgen inc mod 2 0 counter packets 0 bytes 0 dnat to 10.244.0.3 comment \"fairlead:ingress,own:100.64.0.1,backend:1/2,to:10.244.0.3\"", listed);
        Assert.Contains("ip daddr 100.64.0.1 counter packets 0 bytes 0 dnat to 10.244.0.4 comment \"fairlead:ingress,own:100.64.0.1,backend:2/2,to:10.244.0.4\"", listed);
        Assert.Contains("iifname != \"tailscale0\" tcp dport 10001 counter packets 0 bytes 0 dnat to [fd7a:115c:a1e0::9]:5432 comment \"svc:db,targetIP:fd7a:115c:a1e0::9:matchPort:10001,targetPort:5432,proto:tcp\"", listed);
        Assert.Contains("ip6 daddr fd7a:115c:a1e0::9 counter packets 0 bytes 0 snat to fd7a:115c:a1e0::1 comment \"dst:fd7a:115c:a1e0::9,src:fd7a:115c:a1e0::1\"", listed);
        Assert.Contains("oifname \"tailscale0\" tcp flags syn counter packets 0 bytes 0 tcp option maxseg size set rt mtu comment \"fairlead:clamp,interface:tailscale0\"", listed);
    }
}
