using System.Collections.Immutable;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Nftables;
using Fairlead.Proxy.Netfilter.Planning;
using Fairlead.Proxy.Tests.Netfilter.Planning;

namespace Fairlead.Proxy.Tests.Netfilter.Nftables;

public sealed class NftChangesTests
{
    private static readonly NftRuleset Empty = new(1, [], [], []);

    [Fact]
    public void Each_kind_of_rule_has_its_place_text_and_label() => Assert.Equal(
        """
        add table ip nat
        add table ip6 nat
        add table ip filter
        add table ip6 filter
        add chain ip nat PREROUTING { type nat hook prerouting priority -100; }
        add chain ip6 nat PREROUTING { type nat hook prerouting priority -100; }
        add chain ip nat default-db { type nat hook prerouting priority -100; }
        add chain ip6 nat default-db { type nat hook prerouting priority -100; }
        add chain ip nat POSTROUTING { type nat hook postrouting priority 100; }
        add chain ip6 nat POSTROUTING { type nat hook postrouting priority 100; }
        add chain ip filter ts-clamp { type filter hook forward priority -150; }
        add chain ip6 filter ts-clamp { type filter hook forward priority -150; }
        insert rule ip nat PREROUTING ip daddr 10.244.0.2 counter dnat to 100.64.0.1 comment "fairlead:cluster,pod:10.244.0.2,to:100.64.0.1"
        insert rule ip nat PREROUTING iifname != "tailscale0" counter dnat to 100.64.0.9 comment "fairlead:egress,except:tailscale0,to:100.64.0.9"
        insert rule ip nat PREROUTING ip daddr 100.64.0.1 counter dnat to 10.96.0.10 comment "fairlead:ingress,own:100.64.0.1,to:10.96.0.10"
        add rule ip nat PREROUTING ip daddr 100.99.0.5 counter dnat to 10.96.0.11 comment "svc:svc:web,VIP:100.99.0.5,ClusterIP:10.96.0.11"
        insert rule ip6 nat PREROUTING ip6 daddr fd7a::1 counter dnat to fd00::5 comment "fairlead:ingress,own:fd7a::1,backend:3/3,to:fd00::5"
        insert rule ip6 nat PREROUTING ip6 daddr fd7a::1 numgen inc mod 2 0 counter dnat to fd00::4 comment "fairlead:ingress,own:fd7a::1,backend:2/3,to:fd00::4"
        insert rule ip6 nat PREROUTING ip6 daddr fd7a::1 numgen inc mod 3 0 counter dnat to fd00::3 comment "fairlead:ingress,own:fd7a::1,backend:1/3,to:fd00::3"
        add rule ip nat default-db iifname != "tailscale0" tcp dport 10001 counter dnat to 100.64.0.9:5432 comment "svc:default-db,targetIP:100.64.0.9:matchPort:10001,targetPort:5432,proto:tcp"
        add rule ip6 nat default-db iifname != "tailscale0" udp dport 10002 counter dnat to [fd7a::9]:53 comment "svc:default-db,targetIP:fd7a::9:matchPort:10002,targetPort:53,proto:udp"
        insert rule ip nat POSTROUTING ip daddr 100.64.0.9 counter snat to 100.64.0.1 comment "dst:100.64.0.9,src:100.64.0.1"
        insert rule ip6 nat POSTROUTING ip6 daddr fd7a::9 counter snat to fd7a::1 comment "dst:fd7a::9,src:fd7a::1"
        add rule ip filter ts-clamp oifname "tailscale0" tcp flags syn counter tcp option maxseg size set rt mtu comment "fairlead:clamp,interface:tailscale0"
        add rule ip6 filter ts-clamp oifname "tailscale0" tcp flags syn counter tcp option maxseg size set rt mtu comment "fairlead:clamp,interface:tailscale0"
        """, Text(Empty, DesiredRules.OfEachKind));

    [Fact]
    public void Removing_everything_leaves_what_others_made()
    {
        var present = new NftRuleset(
            1,
            [new(NftFamily.Ip, "nat", ""), new(NftFamily.Ip6, "nat", "fairlead"), new(NftFamily.Ip, "filter", "fairlead")],
            [
                new(NftFamily.Ip, "nat", "PREROUTING", "nat", NftHook.Prerouting, ""),
                new(NftFamily.Ip, "nat", "POSTROUTING", "nat", NftHook.Postrouting, "fairlead"),
                new(NftFamily.Ip, "nat", "db", "nat", NftHook.Prerouting, "fairlead"),
                new(NftFamily.Ip6, "nat", "db", "nat", NftHook.Prerouting, "fairlead"),
                new(NftFamily.Ip, "filter", "ts-clamp", "filter", NftHook.Forward, "fairlead"),
                new(NftFamily.Ip, "filter", "FORWARD", "filter", NftHook.Forward, ""),
            ],
            [
                new(NftFamily.Ip, "nat", "PREROUTING", 4, "fairlead:ingress,own:100.64.0.1,to:10.96.0.10", 1),
                new(NftFamily.Ip, "nat", "PREROUTING", 5, "", 1),
                new(NftFamily.Ip, "nat", "POSTROUTING", 6, "dst:100.64.0.9,src:100.64.0.1", 1),
                new(NftFamily.Ip, "nat", "POSTROUTING", 7, "someone else's", 1),
                new(NftFamily.Ip, "nat", "db", 8, "svc:db,targetIP:100.64.0.9:matchPort:1,targetPort:2,proto:tcp", 1),
                new(NftFamily.Ip6, "nat", "db", 9, "svc:db,targetIP:fd7a::9:matchPort:1,targetPort:2,proto:udp", 1),
                new(NftFamily.Ip, "filter", "ts-clamp", 10, "fairlead:clamp,interface:tailscale0", 1),
                new(NftFamily.Ip, "filter", "FORWARD", 11, "fairlead:not in a chain of ours", 1),
            ]);

        Assert.Equal(
            """
            delete rule ip nat PREROUTING handle 4 # fairlead:ingress,own:100.64.0.1,to:10.96.0.10
            delete rule ip nat POSTROUTING handle 6 # dst:100.64.0.9,src:100.64.0.1
            delete rule ip nat db handle 8 # svc:db,targetIP:100.64.0.9:matchPort:1,targetPort:2,proto:tcp
            delete rule ip6 nat db handle 9 # svc:db,targetIP:fd7a::9:matchPort:1,targetPort:2,proto:udp
            delete rule ip filter ts-clamp handle 10 # fairlead:clamp,interface:tailscale0
            delete chain ip nat db
            delete chain ip6 nat db
            delete chain ip filter ts-clamp
            delete table ip6 nat
            """, Text(present, []));
    }

    [Fact]
    public void A_changed_port_map_touches_its_own_rule_alone()
    {
        var before = DesiredRules.OfEachKind;
        var present = Applied(before);

        Assert.Equal("", Text(present, before));
        Assert.Equal(
            """
            add rule ip nat default-db iifname != "tailscale0" tcp dport 10009 counter dnat to 100.64.0.9:5432 comment "svc:default-db,targetIP:100.64.0.9:matchPort:10009,targetPort:5432,proto:tcp"
            delete rule ip nat default-db handle 8 # svc:default-db,targetIP:100.64.0.9:matchPort:10001,targetPort:5432,proto:tcp
            """, Text(present, [.. before.Select(rule => rule is ForwardingRule.EgressPort { MatchPort: 10_001 } port ? port with { MatchPort = 10_009 } : rule)]));
    }

    [Theory]
    [InlineData("", new byte[] { 0, 1, 0 })]
    [InlineData("ab", new byte[] { 0, 3, (byte)'a', (byte)'b', 0 })]
    public void User_data_is_a_comment(string text, byte[] bytes)
    {
        Assert.Equal(bytes, NftUserData.Write(text));
        Assert.Equal(text, NftUserData.Read(bytes));
    }

    [Fact]
    public void Bare_user_data_is_read_too() => Assert.Equal("dst:1.2.3.4,src:5.6.7.8", NftUserData.Read("dst:1.2.3.4,src:5.6.7.8"u8));

    /// <summary>The rule set that the changes to an empty one make.</summary>
    private static NftRuleset Applied(ImmutableArray<ForwardingRule> rules)
    {
        var groups = PacketRulePlan.Of(rules);
        var rendered = groups.SelectMany(group => group.Rules.Select(rule => NftRuleRendering.Render(rule, "tailscale0"))).ToList();
        return new NftRuleset(
            1,
            [.. rendered.Select(rule => new NftPresentTable(rule.Family, rule.Chain.Table, "fairlead")).Distinct()],
            [.. rendered.Select(rule => new NftPresentChain(rule.Family, rule.Chain.Table, rule.Chain.Name, rule.Chain.Type, rule.Chain.Hook, "fairlead")).Distinct()],
            [.. rendered.Select((rule, index) => new NftPresentRule(rule.Family, rule.Chain.Table, rule.Chain.Name, (ulong)index + 3, rule.Label, 0))]);
    }

    private static string Text(NftRuleset present, ImmutableArray<ForwardingRule> desired) =>
        string.Join('\n', NftChanges.Between(present, PacketRulePlan.Of(desired), "tailscale0").Select(operation => operation.Text));
}
