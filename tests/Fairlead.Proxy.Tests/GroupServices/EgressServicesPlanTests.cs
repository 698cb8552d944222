using System.Collections.Immutable;
using System.Net;
using System.Text;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.GroupServices.Egress;

namespace Fairlead.Proxy.Tests.GroupServices;

public sealed class EgressServicesPlanTests
{
    private static readonly IPAddress Own = IPAddress.Parse("100.64.0.1");
    private static readonly IPAddress Target = IPAddress.Parse("100.99.1.2");
    private static readonly ImmutableArray<IPAddress> Pod = [IPAddress.Parse("10.1.2.3"), IPAddress.Parse("fd00:10::3")];

    [Fact]
    public void What_the_operator_writes_becomes_rules_and_what_it_reads()
    {
        var services = Parse(
            """{"default-db":{"healthCheckEndpoint":"http://x:9002/healthz","tailnetTarget":{"ip":"","fqdn":"db.example.ts.net"},"ports":[{"protocol":"TCP","matchPort":10417,"targetPort":5432}]}}""");
        var plan = EgressServicesPlan.For(services, Device(("db.example.ts.net", [Target])), Pod);

        Assert.Equal([new ForwardingRule.EgressPort("default-db", TransportProtocol.Tcp, 10417, Own, Target, 5432)], plan.Rules);
        Assert.Equal(
            """{"podIPv4":"10.1.2.3","podIPv6":"fd00:10::3","services":{"default-db":{"ports":[{"protocol":"TCP","matchPort":10417,"targetPort":5432}],"tailnetTargetIPs":["100.99.1.2"],"tailnetTarget":{"ip":"","fqdn":"db.example.ts.net"}}}}""",
            plan.Status);
        Assert.Equal(6, services.Pings);
    }

    [Fact]
    public void Addresses_of_a_family_that_the_device_lacks_are_not_used()
    {
        var services = Parse("""{"a":{"tailnetTarget":{"fqdn":"db.example.ts.net"},"ports":[{"protocol":"UDP","matchPort":10001,"targetPort":53}]}}""");
        var plan = EgressServicesPlan.For(services, Device(("db.example.ts.net", [IPAddress.Parse("fd7a:115c:a1e0::2"), Target])), [Pod[0]]);

        Assert.Equal([Target], plan.Rules.Cast<ForwardingRule.EgressPort>().Select(rule => rule.Target));
        Assert.StartsWith("""{"podIPv4":"10.1.2.3","services":""", plan.Status, StringComparison.Ordinal);
        Assert.Empty(plan.Unresolved);
    }

    [Fact]
    public void A_target_that_is_not_known_has_no_rules_and_is_told_without_addresses()
    {
        var services = Parse("""{"a":{"tailnetTarget":{"ip":"","fqdn":"late.example.ts.net"},"ports":[{"protocol":"TCP","matchPort":10001,"targetPort":80}]}}""");
        var plan = EgressServicesPlan.For(services, Device(), Pod);

        Assert.Empty(plan.Rules);
        Assert.Equal(["late.example.ts.net"], plan.Unresolved);
        Assert.Contains(""" "tailnetTargetIPs":[],"tailnetTarget":{"ip":"","fqdn":"late.example.ts.net"} """.Trim(), plan.Status, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tailnetTarget":{"ip":"","fqdn":""},"ports":[]}""", "neither an address nor a name")]
    [InlineData("""{"tailnetTarget":{"ip":"100.64.0.900"},"ports":[]}""", "neither an address nor a name")]
    [InlineData("""{"tailnetTarget":{"ip":"100.99.1.2"},"ports":[{"protocol":"SCTP","matchPort":10002,"targetPort":80}]}""", "TCP or UDP")]
    [InlineData("""{"tailnetTarget":{"ip":"100.99.1.2"},"ports":[{"protocol":"TCP","matchPort":0,"targetPort":80}]}""", "1 to 65535")]
    [InlineData("""{"tailnetTarget":{"ip":"100.99.1.2"},"ports":[{"protocol":"TCP","matchPort":10001,"targetPort":80}]}""", "a's")]
    public void One_Service_that_cannot_be_carried_is_left_out_and_the_others_are_not(string wrong, string why)
    {
        var plan = EgressServicesPlan.For(
            Parse($$"""{"a":{"tailnetTarget":{"ip":"100.99.1.2"},"ports":[{"protocol":"TCP","matchPort":10001,"targetPort":80}]},"b":{{wrong}}}"""), Device(), Pod);

        Assert.Single(plan.Rules);
        Assert.Contains(why, Assert.Single(plan.Refused), StringComparison.Ordinal);
        Assert.DoesNotContain("\"b\"", plan.Status, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "12", 12)]
    [InlineData("{}", "", 6)]
    public void Files_may_be_empty_before_the_first_Service(string services, string pings, int expected)
    {
        var parsed = EgressServices.Parse(Encoding.UTF8.GetBytes(services), Encoding.UTF8.GetBytes(pings));

        Assert.Empty(parsed.Entries);
        Assert.Equal(expected, parsed.Pings);
    }

    [Theory]
    [InlineData("{\"a\":", "6", "egress-services")]
    [InlineData("{}", "many", "hep-pings")]
    public void What_cannot_be_read_is_named(string services, string pings, string file) =>
        Assert.Contains(
            file,
            Assert.Throws<FormatException>(() => EgressServices.Parse(Encoding.UTF8.GetBytes(services), Encoding.UTF8.GetBytes(pings))).Message,
            StringComparison.Ordinal);

    private static EgressServices Parse(string services) => EgressServices.Parse(Encoding.UTF8.GetBytes(services), null);

    private static DeviceSnapshot Device(params (string Name, ImmutableArray<IPAddress> Addresses)[] peers) => new()
    {
        Addresses = [Own],
        Peers = peers.ToImmutableDictionary(peer => peer.Name, peer => peer.Addresses),
    };
}
