using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.CustomResourceDefinitions;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Identity;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>A cluster, a tailnet, proxies that play their part, and operators that come and go.</summary>
internal sealed partial class OperatorWorld : IAsyncDisposable
{
    public const string OperatorNamespace = "tailscale";
    public const string UserNamespace = "web";

    /// <summary>What operators do, apart from the test's own requests and those of the cluster's controllers.</summary>
    public static readonly RequestMatch OfOperators = new() { UserAgent = OperatorAgent() };

    private readonly string _folder;
    private readonly List<RunningOperator> _operators = [];
    private readonly ChangeSignal _changes;
    private int _names;

    private OperatorWorld(EmbeddedCluster cluster, EmbeddedTailnet tailnet, string folder)
    {
        _folder = folder;
        Cluster = cluster;
        Tailnet = tailnet;
        _changes = new ChangeSignal(cluster.Api);
        Proxies = new ProxyFleet(cluster.Api, tailnet, OperatorNamespace);
        State = new ProxyState(cluster.Api, tailnet);
        Services = new UserServices(cluster.Api);
        Credentials = new CredentialFiles(folder, tailnet.Clients.AddOAuthClient(Scopes.Operator, ["tag:k8s-operator"]));
    }

    public EmbeddedCluster Cluster { get; }

    public EmbeddedTailnet Tailnet { get; }

    public ProxyFleet Proxies { get; }

    public ProxyState State { get; }

    public UserServices Services { get; }

    public CredentialFiles Credentials { get; }

    public RequestLog Requests => new(AuditPath(_folder));

    public static async Task<OperatorWorld> StartAsync()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("fairlead-faults-").FullName;
        var cluster = await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions { Https = false, AuditLogPath = AuditPath(folder) }, cancelled);
        var tailnet = await EmbeddedTailnet.StartAsync(ct: cancelled);
        foreach (var name in (string[])[OperatorNamespace, UserNamespace])
        {
            cluster.Api.Create("", "namespaces", null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }

        var account = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "proxies" } };
        cluster.Api.Create("", "serviceaccounts", OperatorNamespace, account);
        foreach (var definition in TailscaleDefinitions.All)
        {
            var json = JsonSerializer.SerializeToNode(definition, KubernetesResources.CustomResourceDefinitions.Json)!.AsObject();
            cluster.Api.Create("apiextensions.k8s.io", "customresourcedefinitions", null, json);
        }

        return new OperatorWorld(cluster, tailnet, folder);
    }

    /// <summary>A name that no Service of this world had before.</summary>
    public string NewName() => $"svc{Interlocked.Increment(ref _names):D4}";

    /// <summary>An operator with an identity of its own towards the cluster.</summary>
    public RunningOperator StartOperator(Func<ProcessSettings, ProcessSettings>? vary = null, ICredentialSource? cluster = null)
    {
        var identity = $"replica-{_operators.Count}";
        cluster ??= new StaticCredentialSource(new Kubernetes.Configuration.Credentials { BearerToken = Cluster.CreateUser(identity, "system:masters") });
        var process = new ProcessSettings
        {
            Identity = identity,
            LeaderElection = false,
            Informers = InformerOptions.Default with { BaseDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(200) },
        };
        var started = new RunningOperator(log => new OperatorHost(
            new OperatorSettings { Namespace = OperatorNamespace, LoginServer = Tailnet.BaseAddress.ToString().TrimEnd('/') },
            vary?.Invoke(process) ?? process,
            new ClusterConfiguration { Server = Cluster.Url, Credentials = cluster },
            CredentialSources.From(Credentials.Settings, TimeProvider.System),
            log));
        _operators.Add(started);
        return started;
    }

    /// <summary>Waits until the Service and everything made for it look so; see <see cref="ProxyState.Of"/>.</summary>
    public Task UntilStateAsync(string what, string service, string state) =>
        UntilAsync(what, () => State.Of(service) == state, () => $"{State.Of(service)}\nwanted:\n{state}");

    public Task UntilAsync(string what, Func<bool> condition) => UntilAsync(what, condition, () => "");

    /// <summary>Waits for a condition of the cluster or the tailnet.</summary>
    public Task UntilAsync(string what, Func<bool> condition, Func<string> instead) => _changes.UntilAsync(
        what,
        condition,
        () => $"""
            {instead()}
            last words of the operators:
            {string.Join('\n', _operators.TakeLast(2).SelectMany(running => running.Log.Tail))}
            Pods: {string.Join(", ", Cluster.Api.List("", "pods").Select(pod => pod["metadata"]!.ToJsonString()))}
            last requests to the cluster:
            {string.Join('\n', Requests.Writes().TakeLast(12))}
            last calls to the tailnet:
            {string.Join('\n', Tailnet.Calls.Snapshot().TakeLast(8))}
            """);

    /// <summary>Waits until the Service's proxy is on the tailnet and checks that there is one of everything.</summary>
    public async Task UntilUpAsync(string service)
    {
        await UntilAsync($"{service} is up", () => ServiceScenario.IsUp(State.Of(service)), () => State.Of(service));
        Assert.Equal((1, 1, 1), (
            State.ChildrenOf(service, "", "services").Count,
            State.ChildrenOf(service, "", "secrets").Count,
            State.ChildrenOf(service, "apps", "statefulsets").Count));
        Assert.Single(Tailnet.Devices.Snapshot(), device => device.Hostname.Contains(service, StringComparison.Ordinal));
    }

    /// <summary>Waits until a condition of the Service, as <c>status reason message</c>, contains the text.</summary>
    public Task UntilConditionAsync(string service, string type, string text) => UntilAsync(
        $"condition {type} of {service} has \"{text}\"",
        () => State.Condition(service, type)?.Contains(text, StringComparison.Ordinal) == true,
        () => State.Of(service));

    /// <summary>Deletes the Service and waits until nothing is left of it, in the cluster or on the tailnet.</summary>
    public async Task RemoveAsync(string service)
    {
        Services.Delete(service);
        await UntilStateAsync($"nothing is left of {service}", service, "");
    }

    public async ValueTask DisposeAsync()
    {
        Cluster.Faults.Clear();
        foreach (var running in _operators)
        {
            await running.DisposeAsync();
        }

        await Proxies.DisposeAsync();
        await _changes.DisposeAsync();
        await Cluster.DisposeAsync();
        await Tailnet.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string AuditPath(string folder) => Path.Combine(folder, "audit.log");

    [GeneratedRegex("^fairlead-operator")]
    private static partial Regex OperatorAgent();
}
