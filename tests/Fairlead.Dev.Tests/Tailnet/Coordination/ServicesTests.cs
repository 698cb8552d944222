using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class ServicesTests : CoordinationTest
{
    [Fact]
    public async Task An_offered_service_is_asked_for_approved_and_led_to_its_host()
    {
        var service = Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = [], Ports = ["tcp:443"], Tags = ["tag:k8s"] });
        var host = await NewMachine().JoinAsync("host", "tag:k8s");
        var own = await host.StreamAsync();
        var first = await own.NextAsync();
        Assert.DoesNotContain("service-host", first!.Node!.CapMap.Keys);
        Assert.Equal(service.Addresses, first.DNSConfig!.ExtraRecords.Where(record => record.Name == "web.embedded.ts.net").Select(record => record.Value));
        var viewer = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        await viewer.NextAsync();

        await OfferAsync(host, own, new VipService { Name = "svc:web", Active = true });

        var self = (await own.UntilAsync(message => message.Node?.CapMap.ContainsKey("service-host") == true)).Node!;
        var value = JsonNode.Parse(Assert.Single(self.CapMap["service-host"]).Text)!;
        Assert.Equal(service.Addresses, value["svc:web"]!.AsArray().Select(address => (string)address!));
        var peer = Assert.Single((await viewer.UntilAsync(message => message.PeersChanged is not null)).PeersChanged!);
        Assert.Equal(service.Addresses, peer.AllowedIPs!.Skip(2).Select(prefix => prefix.Address.ToString()));
        Assert.Empty(peer.PrimaryRoutes);

        await OfferAsync(host, own);
        Assert.Equal(2, Assert.Single((await viewer.UntilAsync(message => message.PeersChanged is not null)).PeersChanged!).AllowedIPs!.Count);
    }

    [Fact]
    public async Task A_service_nobody_may_host_waits_for_approval_by_hand()
    {
        Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = [], Ports = ["tcp:443"], Tags = ["tag:k8s-operator"] });
        var host = await NewMachine().JoinAsync("host", "tag:k8s");
        var own = await host.StreamAsync();
        await own.NextAsync();
        await OfferAsync(host, own, new VipService { Name = "svc:web", Active = true });
        await host.UpdateAsync("192.0.2.1:1");

        Tailnet.Coordination.ApproveService(Device("host").NodeId, "svc:web");
        await own.UntilAsync(message => message.Node?.CapMap.ContainsKey("service-host") == true);
        Tailnet.Coordination.ApproveService(Device("host").NodeId, "svc:web", approved: false);

        var self = (await own.UntilAsync(message => message.Node is not null)).Node!;
        Assert.DoesNotContain("service-host", self.CapMap.Keys);
        Assert.Throws<ArgumentException>(() => Tailnet.Coordination.ApproveService("nNONE", "svc:web"));
    }

    [Fact]
    public async Task A_node_can_be_called_and_one_without_a_stream_cannot()
    {
        var machine = await NewMachine().JoinAsync("web");
        var id = Device("web").NodeId;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Tailnet.Coordination.CallNodeAsync(id, "GET", "/echo", ct: Stop));
        var stream = await machine.StreamAsync();
        var reply = Tailnet.Coordination.CallNodeAsync(id, "POST", "/echo", "ping"u8.ToArray(), Stop);

        var request = (await stream.UntilAsync(message => message.PingRequest is not null)).PingRequest!;
        using var foreign = await NewMachine().PostAsync(request.URL, "HTTP/1.1 200 OK\r\n\r\nforged"u8.ToArray());
        using var posted = await machine.PostAsync(request.URL, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npong\r\n0\r\n\r\n"u8.ToArray());
        using var again = await machine.PostAsync(request.URL, "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());

        Assert.True(request.URLIsNoise);
        Assert.Equal("c2n", request.Types);
        Assert.Equal("POST /echo HTTP/1.1\r\nHost: node\r\nContent-Length: 4\r\n\r\nping", Encoding.ASCII.GetString(request.Payload!));
        Assert.Equal("pong", Encoding.ASCII.GetString((await reply).Body.Span));
        Assert.Equal((404, 200, 404), ((int)foreign.StatusCode, (int)posted.StatusCode, (int)again.StatusCode));
    }

    /// <summary>Has the node say that it offers these services, and answer the question which.</summary>
    private static async Task OfferAsync(TestMachine host, TestMapStream stream, params VipService[] services)
    {
        var hash = ServicesHash.Of(services);
        host.Hostinfo = host.Hostinfo with { ServicesHash = hash };
        await host.UpdateAsync(new MapRequest { Hostinfo = host.Hostinfo });
        if (services.Length == 0) return;
        var request = (await stream.UntilAsync(message => message.PingRequest is not null)).PingRequest!;
        var body = Encoding.UTF8.GetString(ControlJson.Serialize(new VipServicesResponse { VIPServices = services, ServicesHash = hash }));
        Assert.StartsWith("GET /vip-services HTTP/1.1\r\n", Encoding.ASCII.GetString(request.Payload!), StringComparison.Ordinal);
        using var answer = await host.PostAsync(request.URL, Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        Assert.True(answer.IsSuccessStatusCode);
    }
}
