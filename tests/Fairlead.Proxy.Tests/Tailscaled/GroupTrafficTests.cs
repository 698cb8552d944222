using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Tests.GroupServices;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;
using Fairlead.Proxy.Tests.Netfilter.Traffic;

namespace Fairlead.Proxy.Tests.Tailscaled;

/// <summary>A whole proxy with a daemon's engine, as a Pod of a ProxyGroup: its files, its Secret, and traffic through the kernel's rules.</summary>
public sealed class GroupTrafficTests(ProxyNetwork network) : IClassFixture<ProxyNetwork>, IAsyncLifetime
{
    private readonly HeldTime _time = new(TimeSpan.FromSeconds(20));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fairlead-group-");
    private EmbeddedCluster _cluster = null!;
    private KubernetesClient _client = null!;
    private DaemonStandIn _daemon = null!;

    private static AddressPlan Plan => AddressPlan.IPv4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        NamespaceRun.RequireInside();
        var firewall = new NftablesFirewall();
        await firewall.ResetAsync();
        await firewall.AddTailscaledAsync();
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false, Rbac = false, Controllers = false }, Stop);
        _client = new KubernetesClient(new ClusterConfiguration { Server = _cluster.Url });
        await _cluster.WriteKubeconfigAsync(Kubeconfig, Stop);
        await _client.For(KubernetesResources.Secrets).CreateAsync(
            new Secret { Metadata = new ObjectMeta { Namespace = "default", Name = "pg-0" }, Data = new Dictionary<string, byte[]> { ["egress-services"] = "{}"u8.ToArray() } }, cancellationToken: Stop);
        _daemon = await DaemonStandIn.CreateAsync();
        _daemon.Status = DaemonStandIn.Running();
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
            _client.Dispose();
            await _cluster.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private string Kubeconfig => Path.Combine(_folder.FullName, "kubeconfig");

    [Fact]
    public async Task Egress_Services_are_carried_told_and_given_up_with_the_Pod()
    {
        using var database = EchoServer.Start(network.Tailnet, Plan.Peer, 5432);
        using var mount = new MountedFiles(("egress-services", "{}"), ("hep-pings", "1"));
        await using var pod = StartPod(("TS_EGRESS_PROXIES_CONFIG_PATH", mount.Path));
        await StateAsync("egress-services", status => status.Contains("\"services\":{}", StringComparison.Ordinal));

        mount.Replace(
            ("egress-services", $$"""{ "default-db": { "tailnetTarget": { "ip": "{{Plan.Peer}}" }, "ports": [ { "protocol": "TCP", "matchPort": 10417, "targetPort": 5432 } ] } }"""),
            ("hep-pings", "1"));
        var status = await StateAsync("egress-services", status => status.Contains("default-db", StringComparison.Ordinal));

        Assert.Equal([$"{Plan.Peer}"], JsonNode.Parse(status)!["services"]!["default-db"]!["tailnetTargetIPs"]!.AsArray().Select(address => $"{address}"));
        await EchoClient.OnceAsync(network.Cluster, Plan.Pod, 10_417, Stop);
        Assert.Equal([Plan.Own], database.Sources);
        Assert.Equal(("n1CNTRL", "one.example.ts.net.", "uid-of-pg-0"), (await StateAsync("device_id"), await StateAsync("device_fqdn"), await StateAsync("pod_uid")));

        await pod.StopAsync();
        Assert.True(_daemon.IsTerminated);
        await Assert.ThrowsAnyAsync<Exception>(() => EchoClient.OnceAsync(network.Cluster, Plan.Pod, 10_417, Stop));
    }

    [Fact]
    public async Task Ingress_Services_are_carried_and_withdrawn_before_the_daemon_stops()
    {
        using var web = EchoServer.Start(network.Cluster, Plan.ClusterIp, 7000);
        using var mount = new MountedFiles(("ingress-config.json", $$"""{ "svc:web": { "IPv4Mapping": { "TailscaleServiceIP": "{{Plan.Vip}}", "ClusterIP": "{{Plan.ClusterIp}}" } } }"""));
        await using var pod = StartPod(("TS_INGRESS_PROXIES_CONFIG_PATH", mount.PathOf("ingress-config.json")));
        await StateAsync("ingress-config.json", status => status.Contains("svc:web", StringComparison.Ordinal));

        await EchoClient.OnceAsync(network.Tailnet, Plan.Vip, 7000, Stop);
        Assert.Equal([Plan.Pod], web.Sources);

        _daemon.Advertised = ["svc:web"];
        var stopping = pod.StopAsync();
        await _time.Waiting.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await EchoClient.OnceAsync(network.Tailnet, Plan.Vip, 7000, Stop);
        Assert.False(_daemon.IsTerminated);
        _time.Release();
        await stopping;

        Assert.Contains(_daemon.Calls, call => call.StartsWith("prefs ", StringComparison.Ordinal) && call.Contains("\"AdvertiseServicesSet\":true", StringComparison.Ordinal));
        Assert.True(_daemon.IsTerminated);
    }

    private PodProcess StartPod(params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FAIRLEAD_PROXY_ENGINE"] = "tailscaled",
            ["KUBERNETES_SERVICE_HOST"] = "127.0.0.1",
            ["TS_USERSPACE"] = "false",
            ["TS_DEBUG_FIREWALL_MODE"] = "nftables",
            ["TS_SOCKET"] = _daemon.PathOf("daemon.sock"),
            ["TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR"] = DeviceFolder.In(_daemon),
            ["TS_EXPERIMENTAL_SERVICE_AUTO_ADVERTISEMENT"] = "false",
            ["TS_KUBE_SECRET"] = "pg-0",
            ["POD_NAME"] = "pg-0",
            ["POD_UID"] = "uid-of-pg-0",
            ["POD_IPS"] = $"{Plan.Pod},{AddressPlan.IPv6.Pod}",
            ["TS_LOCAL_ADDR_PORT"] = "127.0.0.1:0",
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var pod = new PodProcess(new ProxyProcess(
            ProxyConfigurationReader.Read(environment, hasDaemon: true),
            new ProxyProcessOptions
            {
                Cluster = new ClusterConfigurationOptions { Path = Kubeconfig },
                DaemonProgram = _daemon.PathOf("tailscaled"),
                CommandProgram = _daemon.PathOf("tailscale"),
                SocketLink = _daemon.PathOf("link/tailscaled.sock"),
                LoggerFactory = _daemon.Log,
                Time = _time,
            }));
        pod.Start();
        return pod;
    }

    private async Task<string> StateAsync(string key, Func<string, bool>? condition = null)
    {
        var value = "";
        await Wait.UntilAsync($"{key} is told", () =>
        {
            var data = _client.For(KubernetesResources.Secrets).GetAsync(new ObjectKey("default", "pg-0"), Stop).GetAwaiter().GetResult().Data;
            value = data?.GetValueOrDefault(key) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
            return value.Length > 0 && (condition?.Invoke(value) ?? true);
        });
        return value;
    }
}
