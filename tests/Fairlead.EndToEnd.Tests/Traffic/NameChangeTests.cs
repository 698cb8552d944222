using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.DevEnvironments;
using Fairlead.Proxy.Targets;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Names stand for other addresses than they did when the proxy started.</summary>
public sealed class NameChangeTests
{
    private const string Front = "front";
    private const int TargetPort = 7010;

    /// <summary>Between two looks at a name of the cluster.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_of_the_cluster_leads_to_its_new_address_after_the_next_look_and_connections_stay()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        await using var first = environment.StartApp("first");
        await using var second = environment.StartApp("second");
        await environment.CreateServiceAsync("first", first);
        await environment.CreateServiceAsync("second", second);
        environment.Api.Create("", "services", TrafficEnvironment.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Front },
            ["spec"] = new JsonObject { ["type"] = "ExternalName", ["externalName"] = ClusterName("first") },
        });
        var time = new SkippedWaits(LookInterval);
        await using var proxy = await InProcessProxy.StartAsync(environment, Front, time, ("TS_EXPERIMENTAL_DEST_DNS_NAME", Front));
        await using var transfer = await environment.TransferAsync(Front);
        Assert.StartsWith("first ", await TrafficEnvironment.AskAsync(environment.Laptop, Front), StringComparison.Ordinal);

        var service = environment.Api.Get("", "services", TrafficEnvironment.Namespace, Front)!;
        service["spec"]!["externalName"] = ClusterName("second");
        environment.Api.Update("", "services", TrafficEnvironment.Namespace, service);
        await NameLeadsAsync(environment, Front, "second");
        Assert.StartsWith("first ", await TrafficEnvironment.AskAsync(environment.Laptop, Front), StringComparison.Ordinal);
        await time.SkipAsync();

        using var limit = TrafficEnvironment.NewLimit();
        while (!(await TrafficEnvironment.AskAsync(environment.Laptop, Front)).StartsWith("second ", StringComparison.Ordinal))
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        await transfer.GoesOnAsync();
    }

    [Fact]
    public async Task A_name_of_the_tailnet_leads_to_the_device_that_has_it_now()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        await using var running = environment.Parts.StartOperator();
        environment.Api.Create("", "services", TrafficEnvironment.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "moving", ["annotations"] = new JsonObject { ["tailscale.com/tailnet-fqdn"] = $"moving.{DevEnvironment.DnsSuffix}" } },
            ["spec"] = new JsonObject
            {
                ["type"] = "ExternalName",
                ["externalName"] = "placeholder",
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "greeting", ["port"] = TargetPort }),
            },
        });
        await using (var before = await environment.Parts.JoinAsync("moving", Stop))
        {
            await environment.UntilAsync("the proxy runs", "", "services", () => environment.HasRunningProxy("moving"));
            Assert.Equal("before", await GreetAsync(environment, before, "before"));
            environment.Parts.Tailnet.Devices.Remove(before.Status.StableId);
        }

        await using var after = await environment.Parts.JoinAsync("moving", Stop);
        using var log = await PodLog.FollowAsync(environment, (string)environment.ProxyPod("moving")["metadata"]!["name"]!);
        await log.LineAsync("Traffic takes");
        await log.LineAsync("Traffic takes");

        Assert.Equal($"moving.{DevEnvironment.DnsSuffix}", after.Status.Name);
        Assert.Equal("after", await GreetAsync(environment, after, "after"));
    }

    /// <summary>Asks from a Pod, by the Service's name, and lets a node answer.</summary>
    private static async Task<string> GreetAsync(TrafficEnvironment environment, TailnetNode node, string greeting)
    {
        using var limit = TrafficEnvironment.NewLimit();
        using var listener = node.ListenTcp(TargetPort);
        using var client = new TcpClient();
        await client.ConnectAsync(environment.ProxyPodAddress("moving"), TargetPort, limit.Token);
        await using var accepted = await listener.AcceptAsync(limit.Token);
        await accepted.WriteAsync(Encoding.ASCII.GetBytes($"{greeting}\n"), limit.Token);
        return await ClusterApp.GreetingAsync(client.GetStream(), limit.Token);
    }

    /// <summary>Waits until the cluster's DNS answers for one Service with another's address.</summary>
    private static async Task NameLeadsAsync(TrafficEnvironment environment, string name, string service)
    {
        using var limit = TrafficEnvironment.NewLimit();
        var resolver = new DnsServerResolver(environment.Parts.Services.DnsEndPoint);
        var wanted = IPAddress.Parse((string)environment.Api.Get("", "services", TrafficEnvironment.Namespace, service)!["spec"]!["clusterIP"]!);
        while (!(await resolver.ResolveAsync(ClusterName(name), limit.Token)).Contains(wanted))
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static string ClusterName(string service) => $"{service}.{TrafficEnvironment.Namespace}.svc.cluster.local";
}
