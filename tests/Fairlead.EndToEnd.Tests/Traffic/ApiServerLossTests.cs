using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.DevEnvironments;
using Fairlead.Testing;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Traffic does not need the API server.</summary>
public sealed class ApiServerLossTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

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
        await using var proxy = await InProcessProxy.StartAsync(environment, "timed", time, ("TS_DEST_IP", ClusterIp(environment, "web")));
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
        Assert.True(proxy.IsRunning);
    }

    [Fact]
    public async Task A_proxy_that_cannot_tell_what_changed_goes_on_and_tells_it_when_the_API_server_is_back()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        await using var app = environment.StartApp("web");
        await environment.CreateServiceAsync("web", app);
        await using var proxy = await InProcessProxy.StartAsync(environment, "told", new AcceleratedTime(10), ("TS_DEST_IP", ClusterIp(environment, "web")));
        await using var transfer = await environment.TransferAsync("told");
        using var limit = TrafficEnvironment.NewLimit();

        using (environment.Parts.CutApiServer())
        {
            var writes = environment.Parts.Cluster.Faults.Add(
                new RequestMatch { Verb = "patch", Resource = "secrets", Name = new Regex($"^{InProcessProxy.StateSecret}$") }, new FaultEffect.CutBefore(), times: int.MaxValue);
            var told = proxy.State("device_fqdn");

            // By the tailnet's administrator: the device hears of its new name from the control plane alone.
            Assert.True(environment.Parts.Tailnet.Devices.Rename(proxy.State("device_id")!, "told-later"));
            await writes.FirstHit.WaitAsync(limit.Token);
            await transfer.GoesOnAsync();
            await TrafficEnvironment.PeerAsync(environment.Laptop, "told-later");
            Assert.StartsWith("web ", await TrafficEnvironment.AskAsync(environment.Laptop, "told-later"), StringComparison.Ordinal);
            Assert.Equal(told, proxy.State("device_fqdn"));
        }

        await environment.UntilAsync(
            "the proxy tells its new name", "", "secrets", () => proxy.State("device_fqdn") == $"told-later.{DevEnvironment.DnsSuffix}.");
        await transfer.GoesOnAsync();
        Assert.True(proxy.IsRunning);
    }

    private static string ClusterIp(TrafficEnvironment environment, string service) =>
        (string)environment.Api.Get("", "services", TrafficEnvironment.Namespace, service)!["spec"]!["clusterIP"]!;
}
