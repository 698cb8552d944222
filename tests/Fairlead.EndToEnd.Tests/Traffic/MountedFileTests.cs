using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>What is changed in the cluster reaches a running proxy by the files that are mounted in its Pod.</summary>
[Collection(TrafficCollection.Name)]
public sealed class MountedFileTests(TrafficFixture fixture)
{
    private readonly TrafficEnvironment _environment = fixture.Environment;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_serve_configuration_changed_in_the_cluster_is_served_without_a_restart()
    {
        await using var first = _environment.StartApp("first");
        await using var second = _environment.StartApp("second");
        UpstreamPod.Create(_environment, "swap-serve", Serve((7001, first)), ("TS_SERVE_CONFIG", $"{UpstreamPod.Mount}/serve.json"));
        await TrafficEnvironment.PeerAsync(_environment.Laptop, "swap-serve");
        using var log = await PodLog.FollowAsync(_environment, "swap-serve");
        await log.LineAsync("Startup complete");
        await using var transfer = await _environment.TransferAsync("swap-serve", 7001);

        UpstreamPod.Replace(_environment, "swap-serve", Serve((7001, first), (7002, second)));
        await log.LineAsync("7002");

        Assert.StartsWith("second ", await TrafficEnvironment.AskAsync(_environment.Laptop, "swap-serve", 7002), StringComparison.Ordinal);
        await transfer.GoesOnAsync();
        Assert.Equal(0, (int)UpstreamPod.Container(_environment, "swap-serve")["restartCount"]!);
    }

    [Fact]
    public async Task Egress_Services_changed_in_the_cluster_lead_elsewhere_without_a_restart()
    {
        await using var node = await _environment.Parts.JoinAsync("swap-target", Stop);
        using var first = node.ListenTcp(7001);
        using var second = node.ListenTcp(7002);
        _environment.Api.Create("", "secrets", TrafficEnvironment.ProxyNamespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = "swap-egress" } });
        UpstreamPod.Create(
            _environment, "swap-egress", Egress(node.Status.Name, 10001, 7001),
            ("TS_EGRESS_PROXIES_CONFIG_PATH", UpstreamPod.Mount), ("TS_KUBE_SECRET", "swap-egress"), ("POD_NAME", "swap-egress"));
        await ToldAsync("\"matchPort\":10001");
        var pod = (string)_environment.Api.Get("", "pods", TrafficEnvironment.ProxyNamespace, "swap-egress")!["status"]!["podIP"]!;
        using var before = new TcpClient();
        await before.ConnectAsync(pod, 10001, Stop);
        await using (await first.AcceptAsync(Stop))
        {
        }

        UpstreamPod.Replace(_environment, "swap-egress", Egress(node.Status.Name, 10002, 7002));
        await ToldAsync("\"matchPort\":10002");

        using var after = new TcpClient();
        await after.ConnectAsync(pod, 10002, Stop);
        await using (await second.AcceptAsync(Stop))
        {
        }

        using var gone = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await gone.ConnectAsync(pod, 10001, Stop));
        Assert.Equal(0, (int)UpstreamPod.Container(_environment, "swap-egress")["restartCount"]!);
    }

    private static Dictionary<string, string> Serve(params IEnumerable<(int Port, ClusterApp App)> ports) => new()
    {
        ["serve.json"] = $$"""{ "TCP": { {{string.Join(", ", ports.Select(port => $$"""
            "{{port.Port}}": { "TCPForward": "{{port.App.EndPoint}}" }
            """))}} } }""",
    };

    private static Dictionary<string, string> Egress(string target, int port, int targetPort) => new()
    {
        ["egress-services"] = $$"""
            { "default-swap": { "tailnetTarget": { "fqdn": "{{target}}" }, "ports": [{ "protocol": "TCP", "matchPort": {{port}}, "targetPort": {{targetPort}} }] } }
            """,
        ["hep-pings"] = "6",
    };

    /// <summary>Waits until the Pod's state Secret says that it carries something.</summary>
    private Task ToldAsync(string what) => _environment.UntilAsync(
        $"swap-egress tells {what}", "", "secrets",
        () => (string?)_environment.Api.Get("", "secrets", TrafficEnvironment.ProxyNamespace, "swap-egress")!["data"]?["egress-services"] is { } told
            && Encoding.UTF8.GetString(Convert.FromBase64String(told)) is var text
            && text.Contains(what, StringComparison.Ordinal) && text.Contains("100.", StringComparison.Ordinal));
}
