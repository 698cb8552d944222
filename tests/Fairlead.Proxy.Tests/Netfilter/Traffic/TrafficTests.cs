using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.GroupServices.Egress;
using Fairlead.Proxy.GroupServices.Ingress;
using Fairlead.Proxy.Netfilter;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>Real traffic through real rules. The classes below run it with one firewall each, inside a namespace.</summary>
public abstract class TrafficTests(ProxyNetwork network) : IAsyncLifetime
{
    private const int IPv4AndTcpHeaders = 40;

    private readonly List<IDisposable> _opened = [];

    private protected abstract IFirewall Firewall { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        NamespaceRun.RequireInside();
        await Firewall.ResetAsync();
        await Firewall.AddTailscaledAsync();
    }

    public ValueTask DisposeAsync()
    {
        _opened.ForEach(server => server.Dispose());
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("IPv4")]
    [InlineData("IPv6")]
    public async Task Ingress_reaches_the_cluster_address_with_the_pods_source(string family)
    {
        var plan = AddressPlan.Of(family);
        var server = Serve(network.Cluster, plan.ClusterIp, 7000);
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([new ForwardingRule.IngressToAddress(plan.Own, plan.ClusterIp)], Stop);

        var client = Track(await EchoClient.ConnectAsync(network.Tailnet, plan.Own, 7000, Stop));
        await client.ExchangeAsync("ingress", Stop);
        await EchoClient.DatagramAsync(network.Tailnet, plan.Own, 7000, Stop);

        Assert.Equal([plan.Pod, plan.Pod], server.Sources);
        Assert.Equal(2, (await OwnAsync("ingress")).Single().Packets);
        Assert.InRange(client.LargestSegment, 1, ProxyNetwork.TailnetMtu - IPv4AndTcpHeaders);
    }

    [Theory]
    [InlineData("IPv4")]
    [InlineData("IPv6")]
    public async Task Backends_get_equal_shares_and_connections_outlive_a_change(string family)
    {
        var plan = AddressPlan.Of(family);
        var servers = plan.Backends.Select(backend => Serve(network.Cluster, backend, 7000)).ToList();
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([new ForwardingRule.IngressToBackends(plan.Own, plan.Backends)], Stop);

        var clients = new List<EchoClient>();
        for (var connection = 0; connection < 6; connection++)
        {
            clients.Add(Track(await EchoClient.ConnectAsync(network.Tailnet, plan.Own, 7000, Stop)));
            await clients[^1].ExchangeAsync("first", Stop);
        }

        Assert.All(servers, server => Assert.Equal([plan.Pod, plan.Pod], server.Sources));

        // The same in another order changes nothing: neither rules nor their counters.
        var before = await Firewall.RulesAsync();
        await forwarder.ApplyAsync([new ForwardingRule.IngressToBackends(plan.Own, [plan.Backends[2], plan.Backends[0], plan.Backends[1]])], Stop);
        Assert.Equal(Identities(before), Identities(await Firewall.RulesAsync()));

        await forwarder.ApplyAsync([new ForwardingRule.IngressToBackends(plan.Own, [plan.Backends[1], plan.Backends[2]])], Stop);
        foreach (var client in clients)
        {
            await client.ExchangeAsync("second", Stop);
        }

        for (var connection = 0; connection < 4; connection++)
        {
            await EchoClient.OnceAsync(network.Tailnet, plan.Own, 7000, Stop);
        }

        Assert.Equal([2, 4, 4], servers.Select(server => server.Sources.Count));
    }

    [Theory]
    [InlineData("IPv4")]
    [InlineData("IPv6")]
    public async Task Egress_reaches_the_target_with_the_devices_source(string family)
    {
        var plan = AddressPlan.Of(family);
        var server = Serve(network.Tailnet, plan.Peer, 5432);
        var local = Serve(network.Pod, plan.Own, 7000);
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([new ForwardingRule.EgressToAddress(plan.Own, plan.Peer)], Stop);

        await EchoClient.OnceAsync(network.Cluster, plan.Pod, 5432, Stop);
        await EchoClient.DatagramAsync(network.Cluster, plan.Pod, 5432, Stop);

        Assert.Equal([plan.Own, plan.Own], server.Sources);
        Assert.InRange(server.LastSegmentSize, 1, ProxyNetwork.TailnetMtu - IPv4AndTcpHeaders);

        // What comes from the tailnet is not sent back there.
        await EchoClient.OnceAsync(network.Tailnet, plan.Own, 7000, Stop);
        Assert.Equal([plan.Peer], local.Sources);
        Assert.Equal(2, (await OwnAsync("egress")).First().Packets);
    }

    [Theory]
    [InlineData("IPv4")]
    [InlineData("IPv6")]
    public async Task Port_maps_come_and_go_while_connections_live_on(string family)
    {
        var plan = AddressPlan.Of(family);
        var database = Serve(network.Tailnet, plan.Peer, 5432);
        var web = Serve(network.Tailnet, plan.Peer, 80);
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([Port("db", TransportProtocol.Tcp, 10_001, 5432), Port("db", TransportProtocol.Udp, 10_001, 5432), Port("web", TransportProtocol.Tcp, 10_002, 80)], Stop);
        var living = Track(await EchoClient.ConnectAsync(network.Cluster, plan.Pod, 10_001, Stop));
        await living.ExchangeAsync("before", Stop);
        await EchoClient.DatagramAsync(network.Cluster, plan.Pod, 10_001, Stop);
        await EchoClient.OnceAsync(network.Cluster, plan.Pod, 10_002, Stop);
        Assert.Equal([plan.Own, plan.Own], database.Sources);
        Assert.Equal([plan.Own], web.Sources);
        var kept = (await OwnAsync("web")).Single();
        Assert.Equal(1, kept.Packets);

        await forwarder.ApplyAsync([Port("db", TransportProtocol.Tcp, 10_003, 5432), Port("web", TransportProtocol.Tcp, 10_002, 80)], Stop);

        await living.ExchangeAsync("after", Stop);
        await EchoClient.OnceAsync(network.Cluster, plan.Pod, 10_003, Stop);
        await RefusedAsync(network.Cluster, plan.Pod, 10_001);
        Assert.Equal(3, database.Sources.Count);
        Assert.Equal(kept, (await OwnAsync("web")).Single());

        await forwarder.ApplyAsync([Port("web", TransportProtocol.Tcp, 10_002, 80)], Stop);
        Assert.Empty(await OwnAsync("db"));
        await living.ExchangeAsync("still", Stop);
        await RefusedAsync(network.Cluster, plan.Pod, 10_003);

        ForwardingRule.EgressPort Port(string service, TransportProtocol protocol, ushort match, ushort target) =>
            new(service, protocol, match, plan.Own, plan.Peer, target);
    }

    [Theory]
    [InlineData("IPv4")]
    [InlineData("IPv6")]
    public async Task A_services_virtual_address_reaches_its_cluster_address(string family)
    {
        var plan = AddressPlan.Of(family);
        var server = Serve(network.Cluster, plan.ClusterIp, 7000);
        var backend = Serve(network.Cluster, plan.Backends[0], 7000);
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([new ForwardingRule.IngressService("svc:web", plan.Vip, plan.ClusterIp)], Stop);

        await EchoClient.OnceAsync(network.Tailnet, plan.Vip, 7000, Stop);
        Assert.Equal([plan.Pod], server.Sources);
        Assert.Equal(1, (await OwnAsync("svc:web")).Single().Packets);

        await forwarder.ApplyAsync([new ForwardingRule.IngressService("svc:web", plan.Vip, plan.Backends[0])], Stop);
        await EchoClient.OnceAsync(network.Tailnet, plan.Vip, 7000, Stop);
        Assert.Equal([plan.Pod], backend.Sources);
        Assert.Single(server.Sources);
        await RefusedAsync(network.Tailnet, plan.Own, 7000);
    }

    [Fact]
    public async Task A_ProxyGroups_mounted_files_become_ways_of_both_families_and_are_given_up_with_them()
    {
        var (four, six) = (AddressPlan.IPv4, AddressPlan.IPv6);
        var device = new DeviceSnapshot
        {
            Addresses = [four.Own, six.Own],
            Peers = ImmutableDictionary<string, ImmutableArray<IPAddress>>.Empty.Add("db.example.ts.net", [four.Peer, six.Peer]),
        };
        var egress = EgressServices.Parse(
            """{"default-db":{"tailnetTarget":{"fqdn":"db.example.ts.net"},"ports":[{"protocol":"TCP","matchPort":10417,"targetPort":5432},{"protocol":"UDP","matchPort":10418,"targetPort":53}]}}"""u8.ToArray(), null);
        var ingress = IngressServices.Parse(Encoding.UTF8.GetBytes(new JsonObject
        {
            ["svc:web"] = new JsonObject { ["IPv4Mapping"] = Mapping(four), ["IPv6Mapping"] = Mapping(six) },
        }.ToJsonString()));
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync(
            [.. EgressServicesPlan.For(egress, device, [four.Pod, six.Pod]).Rules, .. IngressServicesPlan.For(ingress, [four.Pod, six.Pod]).Rules], Stop);

        foreach (var plan in AddressPlan.All)
        {
            var database = Serve(network.Tailnet, plan.Peer, 5432);
            var names = Serve(network.Tailnet, plan.Peer, 53);
            var web = Serve(network.Cluster, plan.ClusterIp, 7000);
            await EchoClient.OnceAsync(network.Cluster, plan.Pod, 10_417, Stop);
            await EchoClient.DatagramAsync(network.Cluster, plan.Pod, 10_418, Stop);
            await EchoClient.OnceAsync(network.Tailnet, plan.Vip, 7000, Stop);
            Assert.Equal([plan.Own], database.Sources);
            Assert.Equal([plan.Own], names.Sources);
            Assert.Equal([plan.Pod], web.Sources);
        }

        await forwarder.ApplyAsync([.. EgressServicesPlan.For(EgressServices.None, device, [four.Pod]).Rules, .. IngressServicesPlan.For(IngressServices.None, [four.Pod]).Rules], Stop);
        Assert.Empty(await OwnAsync(""));

        static JsonObject Mapping(AddressPlan plan) => new() { ["TailscaleServiceIP"] = plan.Vip.ToString(), ["ClusterIP"] = plan.ClusterIp.ToString() };
    }

    [Theory]
    [InlineData("IPv4")]
    [InlineData("IPv6")]
    public async Task The_clusters_traffic_to_the_pod_arrives_at_the_device(string family)
    {
        var plan = AddressPlan.Of(family);
        var device = Serve(network.Pod, plan.Own, 443);
        await using var forwarder = await OpenAsync();
        await RefusedAsync(network.Cluster, plan.Pod, 443);
        await forwarder.ApplyAsync([new ForwardingRule.ClusterTraffic(plan.Pod, plan.Own)], Stop);

        await EchoClient.OnceAsync(network.Cluster, plan.Pod, 443, Stop);

        // Which of its addresses a host with several sends from is its own affair.
        Assert.Contains(device.Sources.Single(), plan.Backends.Add(plan.ClusterIp));
        Assert.Equal(1, (await OwnAsync("cluster")).Single().Packets);
    }

    [Fact]
    public async Task A_restart_finds_rules_of_every_kind_again()
    {
        ImmutableArray<ForwardingRule> rules =
        [
            .. AddressPlan.All.SelectMany(plan => (ForwardingRule[])
            [
                new ForwardingRule.IngressToBackends(plan.Own, plan.Backends),
                new ForwardingRule.IngressToAddress(plan.Own, plan.ClusterIp),
                new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, plan.Own, plan.Peer, 5432),
                new ForwardingRule.IngressService("svc:web", plan.Vip, plan.ClusterIp),
                new ForwardingRule.ClusterTraffic(plan.Pod, plan.Own),
                new ForwardingRule.EgressToAddress(plan.Own, plan.Peer),
            ]),
        ];
        var crashed = await OpenAsync();
        await crashed.ApplyAsync(rules, Stop);
        var before = await Firewall.RulesAsync();
        Assert.NotEmpty(await OwnAsync(""));

        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync(rules, Stop);

        Assert.Equal(Identities(before), Identities(await Firewall.RulesAsync()));
        await forwarder.ApplyAsync([], Stop);
        Assert.Empty(await OwnAsync(""));
    }

    [Fact]
    public async Task Connections_outlive_a_restart_that_changes_rules()
    {
        var plan = AddressPlan.IPv4;
        var database = Serve(network.Tailnet, plan.Peer, 5432);
        var kept = new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, plan.Own, plan.Peer, 5432);
        var crashed = await OpenAsync();
        await crashed.ApplyAsync([kept, new ForwardingRule.EgressPort("web", TransportProtocol.Udp, 10_002, plan.Own, plan.Peer, 80)], Stop);
        var living = Track(await EchoClient.ConnectAsync(network.Cluster, plan.Pod, 10_001, Stop));
        await living.ExchangeAsync("before", Stop);
        var before = await OwnAsync("db");

        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([kept], Stop);

        Assert.Equal(before, await OwnAsync("db"));
        Assert.Equal(1, before.Single().Packets);
        Assert.Empty(await OwnAsync("web"));
        await living.ExchangeAsync("after", Stop);
        Assert.Single(database.Sources);
    }

    [Fact]
    public async Task On_exit_only_the_rules_of_others_are_left()
    {
        var plan = AddressPlan.IPv4;
        Serve(network.Cluster, plan.ClusterIp, 7000);
        var before = await Firewall.RulesAsync();
        var forwarder = await OpenAsync();
        await forwarder.ApplyAsync(
        [
            .. AddressPlan.All.SelectMany(each => (ForwardingRule[])
            [
                new ForwardingRule.IngressToAddress(each.Own, each.ClusterIp),
                new ForwardingRule.EgressPort("db", TransportProtocol.Tcp, 10_001, each.Own, each.Peer, 5432),
                new ForwardingRule.IngressService("svc:web", each.Vip, each.ClusterIp),
            ]),
        ], Stop);
        await EchoClient.OnceAsync(network.Tailnet, plan.Own, 7000, Stop);
        Assert.Equal(Identities(before), Identities((await Firewall.RulesAsync()).Where(rule => !IsOwn(rule))));

        await forwarder.DisposeAsync();

        Assert.Equal(Identities(before), Identities(await Firewall.RulesAsync()));
        await RefusedAsync(network.Tailnet, plan.Own, 7000);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => forwarder.ApplyAsync([], Stop));
    }

    [Fact]
    public async Task Segments_are_clamped_by_one_rule_however_often_rules_are_applied()
    {
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([new ForwardingRule.IngressToAddress(AddressPlan.IPv4.Own, AddressPlan.IPv4.ClusterIp)], Stop);
        var once = await ClampsAsync();

        await forwarder.ApplyAsync([new ForwardingRule.IngressToAddress(AddressPlan.IPv4.Own, AddressPlan.IPv4.Backends[0])], Stop);
        await forwarder.ApplyAsync([new ForwardingRule.EgressToAddress(AddressPlan.IPv4.Own, AddressPlan.IPv4.Peer)], Stop);

        Assert.NotEmpty(once);
        Assert.Equal(once, await ClampsAsync());

        async Task<List<string>> ClampsAsync() => Identities((await OwnAsync("clamp")).Concat(await OwnAsync("segment size")));
    }

    [Fact]
    public async Task A_changed_own_address_replaces_the_source_of_egress()
    {
        var plan = AddressPlan.IPv4;
        var server = Serve(network.Tailnet, plan.Peer, 5432);
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync([new ForwardingRule.EgressToAddress(IPAddress.Parse("100.64.0.77"), plan.Peer)], Stop);
        await forwarder.ApplyAsync([new ForwardingRule.EgressToAddress(plan.Own, plan.Peer)], Stop);

        await EchoClient.OnceAsync(network.Cluster, plan.Pod, 5432, Stop);

        Assert.Equal([plan.Own], server.Sources);
        Assert.DoesNotContain(await Firewall.RulesAsync(), rule => rule.Text.Contains("100.64.0.77", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hundreds_of_port_maps_are_applied_at_once()
    {
        var plan = AddressPlan.IPv4;
        var server = Serve(network.Tailnet, plan.Peer, 5432);
        await using var forwarder = await OpenAsync();
        await forwarder.ApplyAsync(
            [.. Enumerable.Range(0, 300).Select(index => new ForwardingRule.EgressPort($"service-{index / 10}", TransportProtocol.Tcp, (ushort)(20_000 + index), plan.Own, plan.Peer, 5432))],
            Stop);

        await EchoClient.OnceAsync(network.Cluster, plan.Pod, 20_299, Stop);

        Assert.Equal([plan.Own], server.Sources);
        Assert.Equal(300, (await OwnAsync("service-")).Count);
    }

    private protected Task<NetfilterForwarder> OpenAsync() => NetfilterForwarder.OpenAsync(Firewall.Options, NullLogger<NetfilterForwarder>.Instance, Stop);

    /// <summary>The proxy's rules whose comment or user data contains a word.</summary>
    private protected async Task<List<CountedRule>> OwnAsync(string word) =>
        [.. (await Firewall.RulesAsync()).Where(rule => IsOwn(rule) && rule.Text.Contains(word, StringComparison.Ordinal))];

    /// <summary>Rules without their counters.</summary>
    private static List<string> Identities(IEnumerable<CountedRule> rules) => [.. rules.Select(rule => $"{rule.Place} {rule.Text}")];

    private static bool IsOwn(CountedRule rule) =>
        rule.Text.Contains("fairlead:", StringComparison.Ordinal) || rule.Text.Contains("svc:", StringComparison.Ordinal)
        || rule.Text.Contains(" -> ", StringComparison.Ordinal) || rule.Text.Contains("dst:", StringComparison.Ordinal);

    private static async Task RefusedAsync(NetworkSpace space, IPAddress address, int port)
    {
        var refused = await Assert.ThrowsAsync<SocketException>(() => EchoClient.ConnectAsync(space, address, port, Stop));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    private EchoServer Serve(NetworkSpace space, IPAddress address, int port) => Track(EchoServer.Start(space, address, port));

    private T Track<T>(T disposable)
        where T : IDisposable
    {
        _opened.Add(disposable);
        return disposable;
    }
}
