using System.Net.Sockets;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Planning;
using static Fairlead.Proxy.Tests.Netfilter.Planning.DesiredRules;

namespace Fairlead.Proxy.Tests.Netfilter.Planning;

public sealed class PacketRulePlanTests
{
    [Fact]
    public void Sources_and_clamps_are_planned_once_however_many_rules_need_them()
    {
        var plan = PacketRulePlan.Of(
        [
            new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, IP("100.64.0.1"), IP("100.64.0.9"), 5432),
            new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_002, IP("100.64.0.1"), IP("100.64.0.9"), 5433),
            new ForwardingRule.EgressPort("web", TransportProtocol.Tcp, 10_003, IP("fd7a::1"), IP("fd7a::9"), 80),
        ]);

        Assert.Equal([new SourceTranslation(IP("100.64.0.9"), IP("100.64.0.1")), new(IP("fd7a::9"), IP("fd7a::1"))], plan.SelectMany(group => group.Rules).OfType<SourceTranslation>());
        Assert.Equal([AddressFamily.InterNetwork, AddressFamily.InterNetworkV6], plan.SelectMany(group => group.Rules).OfType<SegmentSizeClamp>().Select(clamp => clamp.Of));
    }

    [Fact]
    public void Backends_are_sorted_and_each_planned_once()
    {
        var group = PacketRulePlan.Of([new ForwardingRule.IngressToBackends(IP("100.64.0.1"), [IP("10.0.0.20"), IP("10.0.0.3"), IP("10.0.0.20")])])[0];

        Assert.Equal([("10.0.0.3", 2), ("10.0.0.20", 1)], group.Rules.Cast<DestinationTranslation>().Select(rule => (rule.To.ToString(), rule.Share!.OneIn)));
    }

    [Fact]
    public void A_rule_given_twice_is_planned_once()
    {
        var rule = new ForwardingRule.IngressToAddress(IP("100.64.0.1"), IP("10.96.0.10"));

        Assert.Single(PacketRulePlan.Of([rule, rule with { }]), group => group.Rules[0] is DestinationTranslation);
    }

    [Fact]
    public void Nothing_desired_is_nothing_planned() => Assert.Empty(PacketRulePlan.Of([]));

    [Fact]
    public void Traffic_that_ends_in_the_pod_needs_no_clamp() =>
        Assert.DoesNotContain(PacketRulePlan.Of([new ForwardingRule.ClusterTraffic(IP("10.244.0.2"), IP("100.64.0.1"))]), group => group.Rules[0] is SegmentSizeClamp);

    public static TheoryData<ForwardingRule, string> Contradictions => new()
    {
        { new ForwardingRule.IngressToAddress(IP("100.64.0.1"), IP("fd00::1")), "mixes address families" },
        { new ForwardingRule.IngressToBackends(IP("100.64.0.1"), [IP("10.0.0.1"), IP("fd00::1")]), "mixes address families; give fd00::1" },
        { new ForwardingRule.IngressToBackends(IP("100.64.0.1"), []), "names no backend" },
        { new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 0, IP("100.64.0.1"), IP("100.64.0.9"), 80), "port 0" },
        { new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 80, IP("100.64.0.1"), IP("100.64.0.9"), 0), "port 0" },
        { new ForwardingRule.EgressPort("db\nCOMMIT", TransportProtocol.Tcp, 80, IP("100.64.0.1"), IP("100.64.0.9"), 80), "service name" },
        { new ForwardingRule.IngressService("web\"", IP("100.99.0.5"), IP("10.96.0.10")), "service name" },
        { new ForwardingRule.IngressService(new string('a', 131), IP("100.99.0.5"), IP("10.96.0.10")), "service name" },
    };

    [Theory]
    [MemberData(nameof(Contradictions), DisableDiscoveryEnumeration = true)]
    public void A_rule_that_contradicts_itself_is_named(ForwardingRule rule, string expected)
    {
        var refused = Assert.Throws<ForwardingException>(() => PacketRulePlan.Of([rule]));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains(PacketRulePlan.Describe(rule), refused.Message, StringComparison.Ordinal);
    }
}
