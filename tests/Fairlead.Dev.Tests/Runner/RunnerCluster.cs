using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Nodes;
using Fairlead.Dev.Runner;
using Fairlead.Dev.Runner.Images;
using Fairlead.Dev.ServiceNetwork;
using Fairlead.Dev.Tests.Controllers;

namespace Fairlead.Dev.Tests.Runner;

/// <summary>An embedded cluster whose Pods run: the image <c>sh</c> is the shell, <c>python</c> an interpreter.</summary>
internal sealed class RunnerCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;

    private RunnerCluster(LoopbackNetwork network, EmbeddedCluster cluster, PodRunner runner, DirectoryInfo directory) =>
        (Network, Cluster, Runner, _directory) = (network, cluster, runner, directory);

    public LoopbackNetwork Network { get; }

    public EmbeddedCluster Cluster { get; }

    public PodRunner Runner { get; }

    public IClusterApi Api => Cluster.Api;

    public string Folder => _directory.FullName;

    public static async Task<RunnerCluster> StartAsync(TimeProvider? time = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pods run as processes on Linux alone");
        var network = LoopbackNetwork.Claim();
        var cluster = await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions { ServiceRanges = [network.ServiceRange] }, TestContext.Current.CancellationToken);
        await cluster.Api.UntilAsync("", "serviceaccounts", "default", "the default account", a => a.Count == 1);
        await cluster.Api.UntilAsync("", "configmaps", "default", "the certificate", a => a.Count == 1);
        var directory = Directory.CreateTempSubdirectory("runner-");
        var runner = PodRunner.Start(cluster, new PodRunnerOptions
        {
            Directory = directory.FullName,
            Images = ImageCatalog.Empty.With("sh", new LocalCommand("/bin/sh")).With("python", new LocalCommand("python3", "-u")),
            Network = network,
            TimeProvider = time ?? TimeProvider.System,
        });
        return new RunnerCluster(network, cluster, runner, directory);
    }

    /// <summary>Creates a Pod with one container that runs a shell script.</summary>
    /// <param name="container">More fields of the container.</param>
    /// <param name="spec">More fields of the Pod.</param>
    public JsonObject CreatePod(string name, string script, string container = "{}", string spec = "{}", string image = "sh")
    {
        var main = JsonNode.Parse(container)!.AsObject();
        main["name"] = "main";
        main["image"] = image;
        main["args"] = new JsonArray("-c", script);
        var podSpec = JsonNode.Parse(spec)!.AsObject();
        podSpec["containers"] = new JsonArray(main);
        podSpec["terminationGracePeriodSeconds"] ??= 5;
        return Create("", "pods", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app"] = name }, ["annotations"] = new JsonObject { ["note"] = "hi" } },
            ["spec"] = podSpec,
        });
    }

    public JsonObject Create(string group, string plural, JsonObject obj) => Api.Create(group, plural, "default", obj);

    public JsonObject Create(string group, string plural, string json) => Create(group, plural, JsonNode.Parse(json)!.AsObject());

    /// <summary>Waits until a Pod satisfies the condition.</summary>
    public async Task<JsonObject> PodAsync(string name, string what, Func<JsonObject, bool> condition)
    {
        var pods = await Api.UntilAsync("", "pods", "default", $"{name}: {what}", all => all.Any(p => (string?)p["metadata"]!["name"] == name && condition(p)));
        return pods.First(p => (string?)p["metadata"]!["name"] == name);
    }

    public Task<JsonObject> ReadyAsync(string name) => PodAsync(name, "ready", IsReady);

    /// <summary>Follows a Pod's log until it ends with the text.</summary>
    public async Task<string> LogAsync(string name, string end)
    {
        await PodAsync(name, "has run", p => Container(p)?["state"]?["waiting"] is null && Container(p) is not null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var text = new System.Text.StringBuilder();
        var request = new PodLogRequest { Namespace = "default", Pod = name, Container = "main", Follow = true };
        await foreach (var piece in Cluster.Nodes.Find("fairlead-dev")!.ReadLog(request, limit.Token))
        {
            text.Append(System.Text.Encoding.UTF8.GetString(piece.Span));
            if (text.ToString().EndsWith(end, StringComparison.Ordinal))
                break;
        }

        return text.ToString();
    }

    public Task GoneAsync(string name) => Api.UntilAsync("", "pods", "default", $"{name}: gone", all => all.All(p => (string?)p["metadata"]!["name"] != name));

    public static bool IsReady(JsonObject pod) =>
        pod["status"]?["conditions"]?.AsArray().Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true;

    public static JsonNode? Container(JsonObject pod, int index = 0) => pod["status"]?["containerStatuses"]?[index];

    public async ValueTask DisposeAsync()
    {
        await Runner.DisposeAsync();
        await Cluster.DisposeAsync();
        Network.Dispose();
        _directory.Delete(true);
    }
}
