using System.Globalization;
using Fairlead.Tailnet.Protocol.Control.Filters;

namespace Fairlead.Dev.Tests.Tailnet.Policy;

public sealed class PolicyViewTests
{
    // Each line: who may reach whom, as "source → destination: protocols/ports", for one rule. Sources are those of the filter.
    [Theory]
    // Everybody.
    [InlineData("acl", "*", "*:*", "bob", "* → *:0-65535")]
    [InlineData("grant", "*", "*", "bob", "* → *:0-65535")]
    // Owners and tags.
    [InlineData("acl", "tag:a", "tag:b:443", "b", "4 → 5:443")]
    [InlineData("acl", "tag:a", "tag:b:443", "a", "")]
    [InlineData("acl", "tag:a", "tag:b:80,8000-8080", "b", "4 → 5:80 5:8000-8080")]
    [InlineData("acl", "ann@example.com", "tag:b:443", "b", "1 2 → 5:443")]
    [InlineData("acl", "ANN@example.com", "tag:b:443", "b", "1 2 → 5:443")]
    [InlineData("acl", "group:dev", "tag:b:443", "b", "1 2 → 5:443")]
    [InlineData("acl", "autogroup:admin", "tag:b:443", "b", "1 2 → 5:443")]
    [InlineData("acl", "autogroup:member", "tag:b:443", "b", "1 2 3 → 5:443")]
    [InlineData("acl", "autogroup:tagged", "bob@example.com:22", "bob", "4 5 6 7 8 → 3:22")]
    [InlineData("acl", "tag:a", "group:dev:22", "ann2", "4 → 2:22")]
    // A tagged device no longer is its owner's, nor an untagged one anybody's but its owner's.
    [InlineData("acl", "tag:a", "bob@example.com:22", "ann1", "")]
    // The same user's other devices.
    [InlineData("acl", "autogroup:member", "autogroup:self:22", "ann1", "1 2 → 1:22")]
    [InlineData("acl", "autogroup:member", "autogroup:self:22", "bob", "3 → 3:22")]
    [InlineData("acl", "autogroup:member", "autogroup:self:22", "a", "")]
    [InlineData("acl", "bob@example.com", "autogroup:self:22", "ann1", "")]
    // Addresses, hosts, sets.
    [InlineData("acl", "100.64.0.4", "100.64.0.5:443", "b", "4 → 5:443")]
    [InlineData("acl", "100.64.0.4", "100.64.0.5:443", "a", "")]
    [InlineData("acl", "tag:a", "lan:443", "router", "4 → 10.0.0.0/8:443")]
    [InlineData("acl", "tag:a", "printer:443", "router", "4 → 10.1.2.3:443")]
    [InlineData("acl", "tag:a", "10.2.0.0/16:443", "router", "")]
    [InlineData("acl", "tag:a", "ipset:nets:443", "router", "4 → 10.0.0.0/8:443 192.168.0.0/16:443")]
    [InlineData("acl", "tag:a", "tag:router:443", "router", "4 → 6:443")]
    [InlineData("acl", "printer", "tag:b:443", "b", "10.1.2.3 → 5:443")]
    // The internet by way of an exit node only, and nothing private by it.
    [InlineData("acl", "bob@example.com", "8.8.8.8:53", "exit", "3 → 8.8.8.8:53")]
    [InlineData("acl", "bob@example.com", "8.8.8.8:53", "b", "")]
    // Services at their hosts.
    [InlineData("grant", "tag:a", "svc:web", "host", "4 → 100.100.0.1:0-65535")]
    [InlineData("grant", "tag:a", "svc:web", "b", "")]
    [InlineData("acl", "tag:a", "100.100.0.1:443", "host", "4 → 100.100.0.1:443")]
    public void A_device_lets_in_what_a_rule_allows_to_it(string kind, string source, string destination, string at, string expected)
    {
        var view = PolicyWorld.Resolve(Rule(kind, source, destination));

        var rules = view.FilterOf(PolicyWorld.IndexOf(at));

        Assert.Equal(expected, string.Join("; ", rules.Select(Text)));
    }

    [Fact]
    public void The_internet_is_what_exit_nodes_let_through_and_nothing_private()
    {
        var view = PolicyWorld.Resolve(Rule("grant", "*", "autogroup:internet"));

        var targets = Assert.Single(view.FilterOf(PolicyWorld.IndexOf("exit"))).DstPorts.Select(port => port.IP).ToList();

        Assert.Contains("2000::/3", targets);
        Assert.DoesNotContain("*", targets);
        Assert.DoesNotContain(targets, target => target.StartsWith("10.", StringComparison.Ordinal));
        Assert.Empty(view.FilterOf(PolicyWorld.IndexOf("router")));
    }

    [Theory]
    [InlineData("tcp:443", "6")]
    [InlineData("udp:53", "17")]
    [InlineData("icmp:*", "1,58")]
    [InlineData("132:*", "132")]
    [InlineData("443", "")]
    public void A_protocol_is_named_by_name_or_number_or_not(string traffic, string protocols)
    {
        var view = PolicyWorld.Resolve($$""" "grants": [{"src": ["*"], "dst": ["*"], "ip": ["{{traffic}}"]}] """);

        Assert.Equal(protocols, string.Join(',', Assert.Single(view.FilterOf(0)).IPProto));
    }

    [Theory]
    [InlineData("tag:a", "tag:b:443", "a", "b")]
    [InlineData("tag:a", "tag:b:443", "b", "a")]
    [InlineData("tag:a", "tag:b:443", "bob", "")]
    [InlineData("*", "tag:b:443", "b", "ann1 ann2 bob a b router exit host")]
    [InlineData("*", "tag:b:443", "bob", "b")]
    [InlineData("autogroup:member", "autogroup:self:*", "ann1", "ann1 ann2")]
    [InlineData("autogroup:member", "autogroup:self:*", "a", "")]
    [InlineData("bob@example.com", "lan:443", "bob", "router exit")]
    [InlineData("lan", "tag:b:443", "b", "router")]
    [InlineData("bob@example.com", "autogroup:internet:*", "bob", "exit")]
    [InlineData("bob@example.com", "svc:web:443", "bob", "host")]
    public void Devices_see_each_other_if_one_may_reach_the_other(string source, string destination, string viewer, string expected)
    {
        var view = PolicyWorld.Resolve(Rule("acl", source, destination));

        var visible = view.VisibleTo(PolicyWorld.IndexOf(viewer));

        Assert.Equal(expected, string.Join(' ', PolicyWorld.Names.Where(name => visible[PolicyWorld.IndexOf(name)])));
    }

    [Fact]
    public void Nobody_sees_anybody_without_rules()
    {
        var view = PolicyWorld.Resolve("");

        Assert.All(Enumerable.Range(0, PolicyWorld.Names.Count), node =>
        {
            Assert.Empty(view.FilterOf(node));
            Assert.All(Enumerable.Range(0, PolicyWorld.Names.Count), other => Assert.False(view.VisibleTo(node)[other]));
        });
    }

    [Fact]
    public void Capabilities_are_granted_at_the_destination_with_their_values()
    {
        const string Grant = """ "grants": [{"src": ["group:dev"], "dst": ["tag:b"], "app": {"example.com/cap/x": [{"role": "admin"}, 7]}}] """;
        var view = PolicyWorld.Resolve(Grant);

        var rule = Assert.Single(view.FilterOf(PolicyWorld.IndexOf("b")));

        Assert.Empty(rule.DstPorts);
        var grant = Assert.Single(rule.CapGrant);
        Assert.Equal(["100.64.0.5/32", "fd7a:115c:a1e0::5/128"], grant.Dsts.Select(prefix => prefix.ToString()));
        Assert.Equal(["{\"role\": \"admin\"}", "7"], grant.CapMap["example.com/cap/x"].Select(value => value.Text));
        Assert.True(view.VisibleTo(PolicyWorld.IndexOf("b"))[PolicyWorld.IndexOf("ann1")]);
    }

    [Fact]
    public void Node_attributes_go_to_their_targets()
    {
        var view = PolicyWorld.Resolve("""
            "nodeAttrs": [{"target": ["tag:a", "ann@example.com"], "attr": ["funnel"]}, {"target": ["*"], "app": {"x": [1]}}],
            "randomizeClientPort": true
            """);

        Assert.Equal(["funnel", "randomize-client-port", "x"], view.AttributesOf(PolicyWorld.IndexOf("a")).Keys.Order());
        Assert.Equal(["randomize-client-port", "x"], view.AttributesOf(PolicyWorld.IndexOf("bob")).Keys.Order());
        Assert.Empty(view.AttributesOf(PolicyWorld.IndexOf("a"))["funnel"]);
    }

    private static string Rule(string kind, string source, string destination) => kind == "acl"
        ? $$""" "acls": [{"action": "accept", "src": ["{{source}}"], "dst": ["{{destination}}"]}] """
        : $$""" "grants": [{"src": ["{{source}}"], "dst": ["{{destination}}"], "ip": ["*"]}] """;

    // Only the IPv4 side of devices, by their last number: the IPv6 side is alike.
    private static string Text(FilterRule rule) =>
        $"{string.Join(' ', rule.SrcIPs.Where(IsOfInterest).Select(Short))} → "
        + string.Join(' ', rule.DstPorts.Where(port => IsOfInterest(port.IP)).Select(port => $"{Short(port.IP)}:{Ports(port.Ports)}"));

    private static bool IsOfInterest(string address) => !address.StartsWith("fd7a:", StringComparison.Ordinal);

    private static string Short(string address) => address.Replace("100.64.0.", "", StringComparison.Ordinal);

    private static string Ports(PortRange ports) => ports.First == ports.Last
        ? ports.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{ports.First}-{ports.Last}");
}
