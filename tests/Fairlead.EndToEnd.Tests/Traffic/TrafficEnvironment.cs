using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Tailnet;
using Fairlead.DevEnvironments;
using Fairlead.EndToEnd.Tests.Processes;
using Fairlead.Operator.Configuration;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>
/// A cluster whose Pods run, a tailnet, and the laptop of one of its members. Waits are for conditions that can be seen from outside, and
/// fail with what did not come true.
/// </summary>
public sealed class TrafficEnvironment : IAsyncDisposable
{
    public const string Namespace = "default";

    public const string ProxyNamespace = DevEnvironment.OperatorNamespace;

    /// <summary>A guest sees devices of Services for one port of theirs; a stranger sees nothing.</summary>
    public const string Guest = "tag:guest";
    public const string Stranger = "tag:stranger";
    public const int GuestPort = 81;

    /// <summary>
    /// Path of the program that Pods run, where it was published: it is what users run, and starts in half the time of the one beside these tests.
    /// </summary>
    private const string Program = "FAIRLEAD_PROGRAM";

    private const string Policy = """
        {
          "tagOwners": {
            "tag:k8s-operator": [],
            "tag:k8s": ["tag:k8s-operator"],
            "tag:guest": [],
            "tag:stranger": [],
          },
          "grants": [
            {"src": ["autogroup:member"], "dst": ["*"], "ip": ["*"]},
            {"src": ["tag:k8s"], "dst": ["autogroup:member", "tag:k8s"], "ip": ["*"]},
            {"src": ["tag:guest"], "dst": ["tag:k8s"], "ip": ["tcp:81"]},
          ],
        }
        """;

    /// <summary>Longer than anything takes on a busy machine; a test that reaches it has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryDirectory _directory;

    private TrafficEnvironment(TemporaryDirectory directory, DevEnvironment parts, TailnetNode laptop) =>
        (_directory, Parts, Laptop) = (directory, parts, laptop);

    internal DevEnvironment Parts { get; }

    /// <summary>A node of the tailnet's owner.</summary>
    public TailnetNode Laptop { get; }

    public IClusterApi Api => Parts.Cluster.Api;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Without an operator: who works with it starts one.</summary>
    public static async Task<TrafficEnvironment> StartAsync()
    {
        var directory = new TemporaryDirectory();
        var parts = await DevEnvironment.StartAsync(
            new DevEnvironmentOptions
            {
                Directory = directory.Path,
                Program = Environment.GetEnvironmentVariable(Program) is { Length: > 0 } program ? program : null,
                Tailnet = new EmbeddedTailnetOptions { DnsSuffix = DevEnvironment.DnsSuffix, Policy = Policy },
                Operator = settings => settings with { ProxyImage = DevImages.Proxy, ProxyEngine = ProxyEngine.Managed },
            },
            Stop);
        return new TrafficEnvironment(directory, parts, await parts.JoinAsync("laptop", Stop));
    }

    /// <summary>Starts an app that Pods of this cluster could be.</summary>
    public ClusterApp StartApp(string name) => new(name, Parts.Network.NodeAddress);

    /// <summary>Creates a Service before an app, as its user would, and waits until it leads there.</summary>
    public Task CreateServiceAsync(string name, ClusterApp app, params (string Key, string Value)[] annotations) =>
        CreateServiceAsync(name, app, [80], annotations);

    /// <summary>Creates a Service with several ports, which all lead to the same port of an app, and waits until they do.</summary>
    public async Task CreateServiceAsync(string name, ClusterApp app, IReadOnlyList<int> ports, params (string Key, string Value)[] annotations)
    {
        var created = Api.Create("", "services", Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["annotations"] = new JsonObject(annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            },
            ["spec"] = new JsonObject
            {
                ["ports"] = new JsonArray([.. ports.Select(port => new JsonObject { ["name"] = $"port-{port}", ["port"] = port })]),
            },
        });
        Api.Create("discovery.k8s.io", "endpointslices", Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = name } },
            ["addressType"] = "IPv4",
            ["ports"] = new JsonArray([.. ports.Select(port => new JsonObject { ["name"] = $"port-{port}", ["protocol"] = "TCP", ["port"] = app.EndPoint.Port })]),
            ["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray(app.EndPoint.Address.ToString()) }),
        });
        using var limit = NewLimit();
        foreach (var port in ports)
        {
            await Parts.Services.WhenServedAsync(IPAddress.Parse((string)created["spec"]!["clusterIP"]!), port, ProtocolType.Tcp, limit.Token);
        }
    }

    /// <summary>Sets an annotation of a Service; null removes it.</summary>
    public void Annotate(string service, string key, string? value)
    {
        var current = Api.Get("", "services", Namespace, service)!;
        if (value is null)
        {
            current["metadata"]!["annotations"]!.AsObject().Remove(key);
        }
        else
        {
            current["metadata"]!["annotations"]![key] = value;
        }

        Api.Update("", "services", Namespace, current);
    }

    /// <summary>Waits until the operator says that a Service's proxy runs and the laptop knows its device, which it gives.</summary>
    public async Task<TailnetPeerStatus> RunningAsync(string service, string hostname)
    {
        await UntilAsync($"the proxy of Service {service} runs", "", "services", () => HasRunningProxy(service));
        return await PeerAsync(Laptop, hostname);
    }

    public bool HasRunningProxy(string service) => Api.Get("", "services", Namespace, service)?["status"]?["conditions"]?.AsArray()
        .Any(condition => (string?)condition!["type"] == "TailscaleProxyRunning" && (string?)condition["status"] == "True") == true;

    /// <summary>Waits until a node sees a device of this name online.</summary>
    public static async Task<TailnetPeerStatus> PeerAsync(TailnetNode node, string hostname)
    {
        TailnetPeerStatus? found = null;
        await UntilAsync(
            node, $"{node.Status.Name} sees {hostname}",
            status => (found = status.Peers.FirstOrDefault(peer => peer.Name.Split('.')[0] == hostname && peer.Online == true)) is not null);
        return found!;
    }

    /// <summary>Waits until a node does not see a device any more.</summary>
    public static Task LeftAsync(TailnetNode node, TailnetPeerStatus device) =>
        UntilAsync(node, $"{device.Name} has left", status => status.Peers.All(peer => peer.StableId != device.StableId));

    /// <summary>Asks an app over the tailnet, at the first attempt.</summary>
    /// <returns>What it greets with.</returns>
    public static async Task<string> AskAsync(TailnetNode node, string host, int port = 80)
    {
        using var limit = NewLimit();
        await using var stream = await node.DialAsync(host, port, limit.Token);
        return await ClusterApp.GreetingAsync(stream, limit.Token);
    }

    /// <summary>Starts to send through a Service, and does not stop by itself.</summary>
    public async Task<Transfer> TransferAsync(string host, int port = 80)
    {
        using var limit = NewLimit();
        var stream = await Laptop.DialAsync(host, port, limit.Token);
        await ClusterApp.GreetingAsync(stream, limit.Token);
        return new Transfer(stream);
    }

    /// <summary>Objects of one type that the operator has made for a Service, or that were made for these.</summary>
    public IReadOnlyList<JsonObject> ProxyObjects(string group, string plural, string service) =>
        [.. Api.List(group, plural, ProxyNamespace).Where(obj => (string?)obj["metadata"]!["labels"]?["tailscale.com/parent-resource"] == service)];

    /// <summary>The Pod of a Service's proxy.</summary>
    public JsonObject ProxyPod(string service) => ProxyObjects("", "pods", service).Single();

    /// <summary>The address of a Service's proxy in the cluster.</summary>
    public IPAddress ProxyPodAddress(string service) => IPAddress.Parse((string)ProxyPod(service)["status"]!["podIP"]!);

    /// <summary>Waits until nothing is left of a Service's proxy.</summary>
    public async Task NothingIsLeftAsync(string service)
    {
        foreach (var (group, plural) in new[] { ("apps", "statefulsets"), ("", "pods"), ("", "secrets"), ("", "services") })
        {
            await UntilAsync($"no {plural} are left of the proxy of {service}", group, plural, () => ProxyObjects(group, plural, service).Count == 0);
        }
    }

    /// <summary>Waits until something is true of objects, which is looked at with each change of one type of them.</summary>
    public async Task UntilAsync(string what, string group, string plural, Func<bool> condition)
    {
        using var limit = NewLimit();
        var changes = Api.WatchAsync(group, plural, limit.Token).GetAsyncEnumerator(limit.Token);
        Task<bool> NextAsync() => changes.MoveNextAsync().AsTask();
        try
        {
            // The watch begins before the first look: no change is missed.
            var next = NextAsync();
            while (!condition())
            {
                Assert.True(await next);
                next = NextAsync();
            }

            await limit.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        catch (OperationCanceledException e) when (!Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Limit}: {what}.", e);
        }
        finally
        {
            await changes.DisposeAsync();
        }
    }

    /// <summary>Waits until something is true of a node's view of the tailnet.</summary>
    public static async Task UntilAsync(TailnetNode node, string what, Func<TailnetNodeStatus, bool> condition)
    {
        using var limit = NewLimit();
        try
        {
            await foreach (var status in node.WatchStatusAsync(limit.Token))
            {
                if (condition(status))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException e) when (!Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Limit}: {what}.", e);
        }
    }

    public static CancellationTokenSource NewLimit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Limit);
        return limit;
    }

    public async ValueTask DisposeAsync()
    {
        await Laptop.DisposeAsync();
        await Parts.DisposeAsync();
        _directory.Dispose();
    }
}
