using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;
using Fairlead.Testing;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Traffic does not need the API server.</summary>
public sealed class ApiServerLossTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traffic_flows_while_the_API_server_is_down_and_changes_are_carried_out_when_it_is_back()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        await using var running = environment.Parts.StartOperator();
        await using var app = environment.StartApp("web");
        await environment.CreateServiceAsync("web", app, ("tailscale.com/expose", "true"));
        var before = await environment.RunningAsync("web", "default-web");
        await using var transfer = await environment.TransferAsync("default-web");
        await transfer.GoesOnAsync();

        using (environment.Parts.CutApiServer())
        {
            await transfer.GoesOnAsync(2000);
            await using var second = await environment.TransferAsync("default-web");
            await second.GoesOnAsync();

            // Written behind the cut; nobody hears of it yet.
            environment.Annotate("web", "tailscale.com/hostname", "renamed");
            await transfer.GoesOnAsync();
            Assert.DoesNotContain(environment.Laptop.Status.Peers, peer => peer.Name.StartsWith("renamed.", StringComparison.Ordinal));
        }

        var after = await TrafficEnvironment.PeerAsync(environment.Laptop, "renamed");
        Assert.Equal((before.StableId, before.PublicKey), (after.StableId, after.PublicKey));
        await transfer.GoesOnAsync();
    }

    /// <summary>
    /// Simulated is the proxy's time: it runs in this process by a clock ten times as fast as the machine's, so that all it does by time (its
    /// node's keep-alives, its attempts to reach the API server) happens as often as in those seconds. The API server's connections are really
    /// cut, and the laptop and the app live by the machine's time.
    /// </summary>
    [Fact]
    public async Task Traffic_flows_while_the_API_server_is_down_for_thirty_seconds_of_the_proxys_time()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        await using var app = environment.StartApp("web");
        await environment.CreateServiceAsync("web", app);
        var time = new AcceleratedTime(10);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var proxy = RunProxy(environment, "web", time, stopping.Token);
        await environment.UntilAsync(
            "the proxy told that it forwards", "", "secrets",
            () => environment.Api.Get("", "secrets", TrafficEnvironment.Namespace, "proxy-state")?["data"]?["device_ips"] is not null);
        await TrafficEnvironment.PeerAsync(environment.Laptop, "timed");
        await using var transfer = await environment.TransferAsync("timed");

        using (environment.Parts.CutApiServer())
        {
            var end = time.GetUtcNow() + Outage;
            while (time.GetUtcNow() < end)
            {
                await transfer.GoesOnAsync(50);
                Assert.StartsWith("web ", await TrafficEnvironment.AskAsync(environment.Laptop, "timed"), StringComparison.Ordinal);
            }
        }

        await transfer.GoesOnAsync();
        Assert.False(proxy.IsCompleted);
        await stopping.CancelAsync();
        await proxy;
    }

    /// <summary>Runs a proxy in this process, by the environment that a Pod would give it.</summary>
    private static Task RunProxy(TrafficEnvironment environment, string service, TimeProvider time, CancellationToken stopping)
    {
        var parts = environment.Parts;
        var configuration = ProxyConfigurationReader.Read(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FAIRLEAD_PROXY_ENGINE"] = "managed",
                ["KUBERNETES_SERVICE_HOST"] = parts.Cluster.Url.Host,
                ["TS_KUBE_SECRET"] = "proxy-state",
                ["TS_AUTHKEY"] = parts.Tailnet.Keys.Create(["tag:k8s"]).Secret!,
                ["TS_HOSTNAME"] = "timed",
                ["TS_EXTRA_ARGS"] = $"--login-server={parts.Settings.LoginServer}",
                ["TS_DEST_IP"] = (string)environment.Api.Get("", "services", TrafficEnvironment.Namespace, service)!["spec"]!["clusterIP"]!,
            },
            hasDaemon: false);
        environment.Api.Create("", "secrets", TrafficEnvironment.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "proxy-state" } });
        return new ProxyProcess(
            configuration, new ProxyProcessOptions { Cluster = new ClusterConfigurationOptions { Path = parts.Kubeconfig }, Time = time }).RunAsync(stopping);
    }
}
