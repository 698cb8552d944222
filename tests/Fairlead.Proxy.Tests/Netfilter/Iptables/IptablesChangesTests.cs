using System.Collections.Immutable;
using System.Net.Sockets;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Iptables;
using Fairlead.Proxy.Netfilter.Planning;
using Fairlead.Proxy.Tests.Netfilter.Planning;

namespace Fairlead.Proxy.Tests.Netfilter.Iptables;

public sealed class IptablesChangesTests
{
    [Fact]
    public void Each_kind_of_rule_has_its_text_for_IPv4() => Assert.Equal(
        """
        *nat
        -I PREROUTING 1 -d 100.64.0.1/32 -m comment --comment "fairlead: ingress" -j DNAT --to-destination 10.96.0.10
        -I PREROUTING 2 ! -i tailscale0 -m comment --comment "fairlead: egress" -j DNAT --to-destination 100.64.0.9
        -I PREROUTING 3 -d 10.244.0.2/32 -m comment --comment "fairlead: cluster traffic" -j DNAT --to-destination 100.64.0.1
        -A PREROUTING ! -i tailscale0 -p tcp -m tcp --dport 10001 -m comment --comment "default-db:tcp:10001 -> tcp:5432" -j DNAT --to-destination 100.64.0.9:5432
        -A PREROUTING -d 100.99.0.5/32 -m comment --comment "svc: svc:web, 100.99.0.5 -> 10.96.0.11" -j DNAT --to-destination 10.96.0.11
        -I POSTROUTING 1 -d 100.64.0.9/32 -m comment --comment "fairlead: egress source" -j SNAT --to-source 100.64.0.1
        COMMIT
        *mangle
        -A FORWARD -o tailscale0 -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "fairlead: segment size" -j TCPMSS --clamp-mss-to-pmtu
        -A FORWARD -i tailscale0 -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "fairlead: segment size" -j TCPMSS --clamp-mss-to-pmtu
        COMMIT
        """, Lines([], DesiredRules.OfEachKind, AddressFamily.InterNetwork));

    [Fact]
    public void Each_kind_of_rule_has_its_text_for_IPv6() => Assert.Equal(
        """
        *nat
        -I PREROUTING 1 -d fd7a::1/128 -m statistic --mode nth --every 3 --packet 0 -m comment --comment "fairlead: ingress backend 1/3" -j DNAT --to-destination fd00::3
        -I PREROUTING 2 -d fd7a::1/128 -m statistic --mode nth --every 2 --packet 0 -m comment --comment "fairlead: ingress backend 2/3" -j DNAT --to-destination fd00::4
        -I PREROUTING 3 -d fd7a::1/128 -m comment --comment "fairlead: ingress backend 3/3" -j DNAT --to-destination fd00::5
        -A PREROUTING ! -i tailscale0 -p udp -m udp --dport 10002 -m comment --comment "default-db:udp:10002 -> udp:53" -j DNAT --to-destination [fd7a::9]:53
        -I POSTROUTING 1 -d fd7a::9/128 -m comment --comment "fairlead: egress source" -j SNAT --to-source fd7a::1
        COMMIT
        *mangle
        -A FORWARD -o tailscale0 -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "fairlead: segment size" -j TCPMSS --clamp-mss-to-pmtu
        -A FORWARD -i tailscale0 -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "fairlead: segment size" -j TCPMSS --clamp-mss-to-pmtu
        COMMIT
        """, Lines([], DesiredRules.OfEachKind, AddressFamily.InterNetworkV6));

    [Fact]
    public void What_is_there_stays_what_is_obsolete_goes_and_what_is_of_others_is_not_touched()
    {
        var present = Rules("nat",
            """-A PREROUTING -d 192.0.2.1/32 -m comment --comment "default/other:http cluster IP" -j DNAT --to-destination 192.0.2.2""",
            """-A PREROUTING ! -i tailscale0 -p tcp -m tcp --dport 10001 -m comment --comment "db:tcp:10001 -> tcp:5432" -j DNAT --to-destination 100.64.0.8:5432""",
            """-A PREROUTING ! -i tailscale0 -p tcp -m tcp --dport 10002 -m comment --comment "web:tcp:10002 -> tcp:80" -j DNAT --to-destination 100.64.0.9:80""",
            """-A PREROUTING -d 100.99.0.5/32 -m comment --comment "svc: svc:old, 100.99.0.5 -> 10.96.0.11" -j DNAT --to-destination 10.96.0.11""",
            """-A POSTROUTING -m comment --comment "web:tcp:10002 -> tcp:80" -j ts-postrouting""",
            """-A POSTROUTING -d 100.64.0.9/32 -m comment --comment "fairlead: egress source" -j SNAT --to-source 100.64.0.1""")
            .AddRange(Rules("mangle",
                """-A FORWARD -o tailscale0 -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "fairlead: segment size" -j TCPMSS --clamp-mss-to-pmtu""",
                """-A FORWARD -i tailscale0 -p tcp -m tcp --tcp-flags SYN,RST SYN -m comment --comment "fairlead: segment size" -j TCPMSS --clamp-mss-to-pmtu"""));

        Assert.Equal(
            """
            *nat
            -D PREROUTING ! -i tailscale0 -p tcp -m tcp --dport 10001 -m comment --comment "db:tcp:10001 -> tcp:5432" -j DNAT --to-destination 100.64.0.8:5432
            -D PREROUTING -d 100.99.0.5/32 -m comment --comment "svc: svc:old, 100.99.0.5 -> 10.96.0.11" -j DNAT --to-destination 10.96.0.11
            -A PREROUTING ! -i tailscale0 -p tcp -m tcp --dport 10001 -m comment --comment "db:tcp:10001 -> tcp:5432" -j DNAT --to-destination 100.64.0.9:5432
            COMMIT
            """, Lines(present,
            [
                new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, DesiredRules.IP("100.64.0.1"), DesiredRules.IP("100.64.0.9"), 5432),
                new ForwardingRule.EgressPort("web", TransportProtocol.Tcp, 10_002, DesiredRules.IP("100.64.0.1"), DesiredRules.IP("100.64.0.9"), 80),
            ], AddressFamily.InterNetwork));
    }

    [Fact]
    public void Applying_the_result_again_changes_nothing()
    {
        var table = "";
        var applied = new List<IptablesRule>();
        foreach (var line in Lines([], DesiredRules.OfEachKind, AddressFamily.InterNetwork).Split('\n'))
        {
            table = line is ['*', .. var name] ? name : table;
            if (line.StartsWith('-'))
            {
                var words = line.Split(' ');
                var specification = string.Join(' ', words[(words[0] == "-I" ? 3 : 2)..]);
                applied.Add(IptablesRule.Parse(table, $"-A {words[1]} {specification}")!);
            }
        }

        Assert.Equal("", Lines(applied, DesiredRules.OfEachKind, AddressFamily.InterNetwork));
    }

    private static ImmutableArray<IptablesRule> Rules(string table, params string[] lines) => [.. lines.Select(line => IptablesRule.Parse(table, line)!)];

    private static string Lines(IReadOnlyList<IptablesRule> present, ImmutableArray<ForwardingRule> desired, AddressFamily family) => string.Join(
        '\n', IptablesChanges.Between(present, [.. PacketRulePlan.Of(desired).Where(group => group.Rules[0].Family == family)], "tailscale0"));
}
