using System.Net;
using Fairlead.Dev.Cluster;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Proxy.Hosting;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>What a proxy's surroundings fail to do must not end traffic that can still flow.</summary>
public sealed class ManagedOutageTests : ManagedProxyTest
{
    private static readonly IPAddress ClusterIp = IPAddress.Parse("127.96.0.10");

    [Fact]
    public async Task Traffic_goes_on_without_the_coordination_server()
    {
        var port = StartEcho(ClusterIp, "web");
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("web", ("TS_DEST_IP", ClusterIp.ToString()));
        await using var before = await DialAsync(laptop, "web", port);
        Assert.Equal("web: one", await ExchangeAsync(before, "one"));

        await Tailnet.StopAsync();
        await UntilAsync(laptop, status => !status.IsConnected);

        Assert.Equal("web: two", await ExchangeAsync(before, "two"));
        await using var after = await laptop.DialAsync("web", port, Stop);
        Assert.Equal("web: three", await ExchangeAsync(after, "three"));
    }

    [Fact]
    public async Task Traffic_that_goes_straight_to_the_peer_goes_on_without_the_relay()
    {
        var port = StartEcho(ClusterIp, "web");
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("web", ("TS_DEST_IP", ClusterIp.ToString()));
        await using var before = await DialAsync(laptop, "web", port);
        Assert.Equal("web: one", await ExchangeAsync(before, "one"));
        await UntilAsync(laptop, status => status.Peers.Any(peer => peer.HostName == "web" && peer.CurrentAddress.Length > 0));

        await Tailnet.Relay!.DisposeAsync();

        Assert.Equal("web: two", await ExchangeAsync(before, "two"));
        await using var after = await laptop.DialAsync("web", port, Stop);
        Assert.Equal("web: three", await ExchangeAsync(after, "three"));
    }

    [Fact]
    public async Task Traffic_goes_on_without_the_API_server_even_if_there_is_something_to_tell_it()
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-outage-");
        try
        {
            var cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Rbac = false }, Stop);
            var kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
            await cluster.WriteKubeconfigAsync(kubeconfig, cluster.CreateUser("proxy", "system:masters"), Stop);
            var port = StartEcho(ClusterIp, "web");
            var serve = Path.Combine(folder.FullName, "serve-config");
            await File.WriteAllTextAsync(serve, """{ "TCP": { "7000": { "TCPForward": "127.0.0.1:1" } } }""", Stop);
            var laptop = await JoinAsync("laptop");
            var proxy = await StartProxyAsync(
                "web",
                new ProxyProcessOptions { Cluster = new ClusterConfigurationOptions { Path = kubeconfig } },
                ("KUBERNETES_SERVICE_HOST", "127.0.0.1"),
                ("TS_KUBE_SECRET", "web"),
                ("TS_SERVE_CONFIG", serve),
                ("TS_DEST_IP", ClusterIp.ToString()));
            await using var before = await DialAsync(laptop, "web", port);
            Assert.Equal("web: one", await ExchangeAsync(before, "one"));

            await cluster.DisposeAsync();

            // Its certificates' name is another now, which the state Secret tells.
            Tailnet.Settings.HttpsEnabled = false;
            await UntilAsync(laptop, status => status.CertificateDomains.Count == 0);
            Assert.Equal("web: two", await ExchangeAsync(before, "two"));
            await using var after = await laptop.DialAsync("web", port, Stop);
            Assert.Equal("web: three", await ExchangeAsync(after, "three"));
            Assert.False(proxy.Ended.IsCompleted);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task UntilAsync(TailnetNode node, Func<TailnetNodeStatus, bool> condition)
    {
        await foreach (var status in node.WatchStatusAsync(Stop))
        {
            if (condition(status))
            {
                return;
            }
        }
    }
}
