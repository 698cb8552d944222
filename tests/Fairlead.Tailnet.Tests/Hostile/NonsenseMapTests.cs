using System.Text;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Tests.Nodes;

namespace Fairlead.Tailnet.Tests.Hostile;

/// <summary>Network maps that are well-formed and make no sense: a node takes what it can use, and says what it cannot.</summary>
public sealed class NonsenseMapTests : NodeTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly RecordedLog _log = new();

    [Theory]
    [InlineData("{\"PeersChanged\":[{\"ID\":1001,\"Name\":\"..\",\"Key\":\"nodekey:0100000000000000000000000000000000000000000000000000000000000000\",\"DiscoKey\":\"discokey:0100000000000000000000000000000000000000000000000000000000000000\",\"Addresses\":[\"100.99.0.1/32\",\"0.0.0.0/0\",\"::/0\",\"224.0.0.1/32\"],\"AllowedIPs\":[\"127.0.0.0/8\",\"::ffff:0:0/96\",\"ff00::/8\",\"0.0.0.0/32\"],\"Endpoints\":[\"0.0.0.0:0\",\"255.255.255.255:1\",\"[ff02::1]:9\",\"127.0.0.1:1\"],\"HomeDERP\":-5,\"DERP\":\"nonsense\"}]}")]
    [InlineData("{\"PeersChanged\":[{\"ID\":1002,\"Name\":\"a..b\",\"Key\":\"nodekey:ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f\",\"Addresses\":[\"100.99.0.2/32\"],\"HomeDERP\":2147483647,\"KeyExpiry\":\"9999-12-31T23:59:59Z\"},{\"ID\":1003,\"Name\":\"bücher.ts.net.\",\"Addresses\":[\"100.99.0.3/32\"]},{\"ID\":-9223372036854775808,\"Key\":\"nodekey:0900000000000000000000000000000000000000000000000000000000000000\"}]}")]
    [InlineData("{\"PeersChangedPatch\":[{\"NodeID\":-1,\"DERPRegion\":-7},null],\"PeersRemoved\":[-1,9223372036854775807],\"OnlineChange\":{\"-1\":true},\"PeerSeenChange\":{\"77\":false}}")]
    [InlineData("{\"DERPMap\":{\"Regions\":{\"-1\":{\"RegionID\":7,\"Nodes\":[{\"HostName\":\"\",\"DERPPort\":-4,\"IPv4\":\"x\"},null]},\"0\":{\"Nodes\":null},\"2147483647\":{\"RegionID\":-3,\"Nodes\":[{\"Name\":\"n\",\"HostName\":\"no such host.invalid\",\"DERPPort\":99999,\"STUNPort\":-9,\"IPv4\":\"999.1.1.1\",\"IPv6\":\"::g\"}]}}}}")]
    [InlineData("{\"DNSConfig\":{\"Routes\":{\"..\":[{\"Addr\":\"https://[\"},null],\"x\":null,\"\":[{\"Addr\":\"nonsense\"}]},\"Domains\":[\"\",\"..\",null],\"ExtraRecords\":[{\"Name\":\"..\",\"Value\":\"100.99.0.9\"},{\"Name\":null,\"Type\":\"TXT\",\"Value\":null},{\"Name\":\"a\",\"Type\":\"A\",\"Value\":\"999.1.1.1\"}],\"CertDomains\":[\"\",null]}}")]
    [InlineData("{\"PacketFilter\":[{\"SrcIPs\":[\"*\"],\"DstPorts\":[{\"IP\":\"*\",\"Ports\":{\"First\":0,\"Last\":65535}}],\"IPProto\":[1,6,17,58,300]},{\"SrcIPs\":[\"nonsense\",\"10.0.0.0/99\",\"1.2.3.4-::1\",\"cap:\"],\"DstPorts\":[{\"IP\":\"x\",\"Ports\":{\"First\":1,\"Last\":9}}]}]}", "nonsense")]
    public async Task What_can_be_used_is_and_the_node_goes_on(string message, string told = "")
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop", options => options with { LoggerFactory = _log });
        await laptop.PingAsync("web", PingKind.Icmp, Limit, Stop);

        Assert.True(Tailnet.Coordination.Faults.SendGarbage(Device("laptop").NodeId, MapFrame.Encode(Encoding.UTF8.GetBytes(message), MapCompression.Zstd)));
        await Wait.UntilAsync("it says what it refused", async () =>
        {
            // Rules are looked at when a packet comes that they are to decide about.
            await web.PingAsync("laptop", PingKind.Icmp, Limit, Stop);
            return _log.Warnings.Append("").Any(warning => warning.Contains(told, StringComparison.Ordinal));
        });
        await JoinAsync("third");

        await Wait.UntilAsync("a later map is followed", () => laptop.NetworkMap!.FindNode("third") is not null);
        var address = web.Status.Addresses[0].ToString();
        await laptop.PingAsync(address, PingKind.Icmp, Limit, Stop);
        await web.PingAsync("laptop", PingKind.Icmp, Limit, Stop);
        using var listener = web.ListenTcp(80);
        await using var client = await laptop.DialAsync("web", 80, Stop);
        Assert.Contains(web.Status.Addresses[0], await laptop.ResolveAsync("web", Stop));
        Assert.True(laptop.Status.IsConnected);
        Assert.DoesNotContain(_log.Warnings, IsGivenUp);
    }

    [Fact]
    public async Task Addresses_of_its_own_that_make_no_sense_do_not_keep_it_from_its_peers()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop", options => options with { LoggerFactory = _log });
        var self = laptop.NetworkMap!.Self;
        var addresses = string.Join(',', self.Addresses.Select(prefix => $"\"{prefix}\""));
        var message = $$$"""{"Node":{"ID":{{{self.ID}}},"StableID":"{{{self.StableID}}}","Name":"..","Key":"{{{self.Key}}}","Addresses":[{{{addresses}}},"0.0.0.0/32","224.0.0.1/32","100.100.100.100/32","::/128","ff02::1/128"],"AllowedIPs":["0.0.0.0/0",{{{addresses}}}],"CapMap":{"service-host":["nonsense"]} } }""";

        Assert.True(Tailnet.Coordination.Faults.SendGarbage(Device("laptop").NodeId, MapFrame.Encode(Encoding.UTF8.GetBytes(message), MapCompression.Zstd)));
        await JoinAsync("third");

        await Wait.UntilAsync("a later map is followed", () => laptop.NetworkMap!.Peers.Any(peer => peer.Name.StartsWith("third.", StringComparison.Ordinal)));
        await laptop.PingAsync(web.Status.Addresses[0].ToString(), PingKind.Icmp, Limit, Stop);
        await web.PingAsync(self.Addresses[0].Address.ToString(), PingKind.Icmp, Limit, Stop);
        Assert.DoesNotContain(_log.Warnings, IsGivenUp);
    }

    [Theory]
    [InlineData("""{"svc:web":["100.64.250.1"],"svc:web":["100.64.250.2"]}""", "100.64.250.2")]
    [InlineData("""{"svc:web":["100.64.250.2"],"svc:\ud800":["100.64.250.3"]}""", null)]
    [InlineData("""{"svc:web":["nonsense",null,7,{"a":1,"a":2},"100.64.250.2"]}""", "100.64.250.2")]
    [InlineData("""{"svc:web":["100.64.250.2"],"svc:other":["\ud800"]}""", null)]
    [InlineData("""{"svc:web":{"a":1,"a":2}}""", null)]
    public async Task Services_that_make_no_sense_keep_nobody_from_the_rules_and_the_peers_that_come_with_them(string services, string? hosted)
    {
        var web = await JoinAsync("web");
        using var listener = web.ListenService("svc:web", 443);
        var self = web.NetworkMap!.Self;
        var node = self with { CapMap = new Dictionary<string, IReadOnlyList<RawJson>>(self.CapMap) { ["service-host"] = [new RawJson(services)] } };
        await JoinAsync("laptop");
        await Wait.UntilAsync("the laptop is known", () => web.NetworkMap!.FindNode("laptop") is not null);
        var laptop = web.NetworkMap!.FindNode("laptop")!;

        Assert.True(Tailnet.Coordination.Faults.SendGarbage(
            Device("web").NodeId,
            MapFrame.Encode(new MapResponse { Node = node, PacketFilter = [], PeersRemoved = [laptop.ID] }, MapCompression.Zstd)));
        await Wait.UntilAsync("the map is taken", () => web.NetworkMap!.FindNode("laptop") is null);
        await JoinAsync("third");

        await Wait.UntilAsync("a later map is followed", () => web.NetworkMap!.FindNode("third") is not null);
        await Wait.UntilAsync("what can be used is", () => listener.LocalEndPoints.Select(local => local.Address.ToString()).SequenceEqual(hosted is null ? [] : [hosted]));
        Assert.DoesNotContain(_log.Warnings, IsGivenUp);
    }

    /// <summary>The message was not looked at, or not all of what it says: then it proves nothing.</summary>
    private static bool IsGivenUp(string warning) =>
        warning.Contains("Not connected", StringComparison.Ordinal) || warning.Contains("could not be used whole", StringComparison.Ordinal);
}
