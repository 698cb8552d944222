using System.Net;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>A peer that the map calls jailed begins nothing here.</summary>
public sealed class JailTests : NodeTest
{
    private static readonly MapCompression Compression = ZstdCodec.IsAvailable ? MapCompression.Zstd : MapCompression.None;

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with
    {
        Policy = """
        {
          "tagOwners": {"tag:host": []},
          "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
          "autoApprovers": {"services": {"svc:web": ["tag:host"]} },
        }
        """,
    };

    [Fact]
    public async Task Nothing_of_a_jailed_peers_comes_in_whichever_of_its_addresses_it_is_from()
    {
        Tailnet.Services.Put(new TailnetService { Name = "svc:web", Addresses = ["100.64.250.1", "fd7a:115c:a1e0::fa01"], Ports = ["tcp:443"], Tags = [] });
        var host = await JoinAsync(Options("host") with { AuthKey = NewAuthKey("tag:host"), AdvertiseServices = ["svc:web"] });
        var laptop = await JoinAsync("laptop");
        var service = IPAddress.Parse("100.64.250.1");
        await Wait.UntilAsync("the host leads to the service", () => laptop.NetworkMap!.FindNode("host")!.EffectiveAllowedIPs.Any(prefix => prefix.Contains(service)));
        await Wait.UntilAsync("the host has it", () => host.Status.CertificateDomains.Contains("web.embedded.ts.net"));
        using var here = laptop.ListenUdp(new IPEndPoint(laptop.Status.Addresses[0], 0));
        using var there = host.ListenUdp(new IPEndPoint(service, 0), here.LocalEndPoint);
        var rules = new FilterRule { SrcIPs = ["*"], DstPorts = [new NetPortRange { IP = "*", Ports = new PortRange(0, 65535) }] };
        Send(new MapResponse { PacketFilter = [rules] });
        await Wait.UntilAsync("the rules are known", () => laptop.NetworkMap!.PacketFilter is [{ SrcIPs: ["*"] }]);
        there.Send("free"u8);
        Assert.Equal(4, (await here.ReceiveAsync(new byte[9], Stop)).Length);
        var before = laptop.DroppedPackets["acl"];

        Send(new MapResponse { PeersChanged = [laptop.NetworkMap!.FindNode("host")! with { IsJailed = true }] });
        await Wait.UntilAsync("it is known", () => laptop.NetworkMap!.FindNode("host")!.IsJailed);
        there.Send("jailed"u8);
        await Wait.UntilAsync("it was dropped", () => laptop.DroppedPackets["acl"] > before);

        here.SendTo("asked"u8, there.LocalEndPoint);
        Assert.Equal(5, (await there.ReceiveAsync(new byte[9], Stop)).Length);
    }

    private void Send(MapResponse message) =>
        Assert.True(Tailnet.Coordination.Faults.SendGarbage(Device("laptop").NodeId, MapFrame.Encode(message, Compression)));
}
