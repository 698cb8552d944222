using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Targets;

namespace Fairlead.Proxy.Tests.Forwarding;

public sealed class ForwardingPlanTests
{
    private static readonly IPAddress Own4 = IPAddress.Parse("100.64.0.7");
    private static readonly IPAddress Own6 = IPAddress.Parse("fd7a:115c:a1e0::7");

    [Fact]
    public void Ingress_goes_from_the_own_address_of_the_destinations_family()
    {
        Assert.Equal(
            [new ForwardingRule.IngressToAddress(Own4, IPAddress.Parse("10.96.0.9"))],
            Plan(new ProxyConfiguration { DestinationIp = IPAddress.Parse("10.96.0.9") }));
        Assert.Equal(
            [new ForwardingRule.IngressToAddress(Own6, IPAddress.Parse("fd00::9"))],
            Plan(new ProxyConfiguration { DestinationIp = IPAddress.Parse("fd00::9") }));
    }

    [Fact]
    public void Where_connections_end_in_the_proxy_both_own_addresses_lead_to_a_destination_of_one_family()
    {
        var destination = IPAddress.Parse("10.96.0.9");

        Assert.Equal(
            [new ForwardingRule.IngressToAddress(Own4, destination), new ForwardingRule.IngressToAddress(Own6, destination)],
            Plan(new ProxyConfiguration { Engine = ProxyEngine.Managed, DestinationIp = destination }));
        Assert.Equal(
            [new ForwardingRule.IngressToBackends(Own4, [destination]), new ForwardingRule.IngressToBackends(Own6, [destination])],
            Plan(new ProxyConfiguration { Engine = ProxyEngine.Managed, DestinationName = "web.example.com" }, backends: [destination]));
    }

    [Fact]
    public void A_name_of_the_cluster_leads_to_its_backends_family_by_family()
    {
        Assert.Equal(
            [
                new ForwardingRule.IngressToBackends(Own4, [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")]),
                new ForwardingRule.IngressToBackends(Own6, [IPAddress.Parse("fd00::1")]),
            ],
            Plan(
                new ProxyConfiguration { DestinationName = "web.example.com" },
                backends: [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), IPAddress.Parse("fd00::1")]));
    }

    [Fact]
    public void An_egress_target_without_our_families_says_so()
    {
        var device = Device([Own4]);
        var error = Assert.Throws<ForwardingException>(
            () => ForwardingPlan.For(new ProxyConfiguration { TargetIp = IPAddress.Parse("fd7a:115c:a1e0::1") }, device, [], []));

        Assert.Contains("TS_TAILNET_TARGET_IP", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_a_target_whose_family_we_lack_are_left_out()
    {
        var rules = ForwardingPlan.For(
            new ProxyConfiguration { TargetName = "db.tail.ts.net" },
            Device([Own4]),
            [IPAddress.Parse("100.64.0.1"), IPAddress.Parse("fd7a:115c:a1e0::1")],
            []);

        Assert.Equal([new ForwardingRule.EgressToAddress(Own4, IPAddress.Parse("100.64.0.1"))], rules);
    }

    [Fact]
    public void Cluster_traffic_takes_the_way_of_the_tailnets()
    {
        Assert.Equal(
            [new ForwardingRule.ClusterTraffic(IPAddress.Parse("10.244.0.3"), Own4)],
            Plan(new ProxyConfiguration { ClusterTrafficViaIngress = true, PodIps = [IPAddress.Parse("10.244.0.3")] }));
    }

    [Theory]
    [InlineData("db.tail.ts.net", "100.64.0.1")]
    [InlineData("DB.tail.ts.net.", "100.64.0.1")]
    [InlineData("svc.tail.ts.net", "100.100.1.1")]
    [InlineData("other.tail.ts.net", "")]
    [InlineData("10-1-2-3-via-7.tail.ts.net", "fd7a:115c:a1e0:b1a:0:7:a01:203")]
    [InlineData("10-1-2-3-via-8.tail.ts.net", "")]
    public void A_target_is_a_peer_a_service_or_an_address_of_a_site_that_is_led_to(string name, string expected)
    {
        var device = Device([Own4]) with
        {
            Peers = ImmutableDictionary<string, ImmutableArray<IPAddress>>.Empty.Add("db.tail.ts.net", [IPAddress.Parse("100.64.0.1")]),
            ServiceRecords = ImmutableDictionary<string, ImmutableArray<IPAddress>>.Empty
                .Add("db.tail.ts.net", [IPAddress.Parse("100.100.9.9")])
                .Add("svc.tail.ts.net", [IPAddress.Parse("100.100.1.1")]),
            SiteRoutes = [IPNetwork.Parse("fd7a:115c:a1e0:b1a:0:7:a00:0/104")],
        };

        Assert.Equal(expected, string.Join(",", TailnetTarget.Resolve(name, device)));
    }

    private static ImmutableArray<ForwardingRule> Plan(ProxyConfiguration configuration, ImmutableArray<IPAddress>? backends = null) =>
        ForwardingPlan.For(configuration, Device([Own4, Own6]), [], backends ?? []);

    private static DeviceSnapshot Device(ImmutableArray<IPAddress> addresses) => DeviceSnapshot.Empty with
    {
        State = DeviceState.Running,
        StableId = "nOWN",
        Fqdn = "web.tail.ts.net.",
        Addresses = addresses,
    };
}
