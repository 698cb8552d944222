using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Proxy.Tests.Tailscaled;

namespace Fairlead.Proxy.Tests.GroupServices;

public sealed class IngressServicesTests : GroupProxyTest
{
    private const string Vip = "100.64.250.9";

    private static readonly IPAddress ClusterIp = IPAddress.Parse("127.96.1.8");

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with
    {
        Policy = """
            {
              "tagOwners": {"tag:k8s": []},
              "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
              "autoApprovers": {"services": {"svc:db": ["tag:k8s"]}},
            }
            """,
    };

    [Fact]
    public async Task A_Service_s_address_on_the_tailnet_leads_to_its_address_in_the_cluster_once_the_operator_has_it_advertised()
    {
        Tailnet.Services.Put(new TailnetService { Name = "svc:db", Addresses = [Vip, "fd7a:115c:a1e0::fa09"], Ports = ["do-not-validate"] });
        var port = StartEcho(ClusterIp, "db");
        using var datagrams = new UdpClient(new IPEndPoint(ClusterIp, port));
        var config = $$$$"""{"svc:db":{"IPv4Mapping":{"TailscaleServiceIP":"{{{{Vip}}}}","ClusterIP":"{{{{ClusterIp}}}}"}}}""";
        var mount = Mount(("ingress-config.json", config));
        var device = MountDevice("in-0", ["tag:k8s"]);
        var pod = await StartPodAsync("in-0", "127.97.2.3", device, ("TS_INGRESS_PROXIES_CONFIG_PATH", mount.PathOf("ingress-config.json")));

        var status = await StateAsync(pod, "in-0", "ingress-config.json", _ => true);
        Assert.Equal($$$"""{"configs":{{{config}}},"podIPv4":"127.97.2.3","podIPv6":""}""", status);
        device.Replace(("cap-106.hujson", DeviceConfiguration("in-0", NewAuthKey("tag:k8s"), "svc:db")));
        var laptop = await JoinAsync("laptop");
        var vip = IPAddress.Parse(Vip);
        await Wait.UntilAsync("a Pod leads to it", () => laptop.Status.Peers.Any(peer => peer.AllowedIPs.Any(prefix => prefix.IsSingleAddress && prefix.Address.Equals(vip))));
        await using (var stream = await laptop.DialAsync(Vip, port, Stop))
        {
            Assert.Equal("db: hello", await ExchangeAsync(stream, "hello"));
        }

        using var socket = laptop.ListenUdp(new IPEndPoint(IPAddress.Any, 0), new IPEndPoint(vip, port));
        socket.Send("before"u8);
        Assert.Equal("before"u8.ToArray(), (await datagrams.ReceiveAsync(Stop)).Buffer);

        // What is served no more is refused, and told.
        mount.Replace(("ingress-config.json", "{}"));
        Assert.Equal("""{"configs":{},"podIPv4":"127.97.2.3","podIPv6":""}""", await StateAsync(pod, "in-0", "ingress-config.json", status => !status.Contains("svc:db", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<IOException>(() => laptop.DialAsync(Vip, port, Stop));
        socket.Send("after"u8);
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[8], Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Equal(0, datagrams.Available);
    }
}
