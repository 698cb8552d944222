using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.ProxyGroups;
using Fairlead.Operator.Tests.CustomResourceDefinitions;
using Fairlead.Operator.Tests.Faults;

namespace Fairlead.Operator.Tests.ServiceProxies;

/// <summary>An operator between a cluster, embedded or real, and a tailnet; the test plays the proxies.</summary>
internal sealed class LifecycleWorld : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly DefinedCluster _cluster;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fairlead-lifecycle-");
    private readonly CredentialFiles _credentials;
    private RunningOperator? _operator;

    private LifecycleWorld(DefinedCluster cluster, EmbeddedTailnet tailnet)
    {
        _cluster = cluster;
        Tailnet = tailnet;
        _credentials = new CredentialFiles(_folder.FullName, tailnet.Clients.AddOAuthClient(Scopes.Operator, ["tag:k8s-operator"]));
    }

    public KubernetesClient Client => _cluster.Client;

    public ResourceClient<Service> Services => Client.For(KubernetesResources.Services);

    public EmbeddedTailnet Tailnet { get; }

    public OperatorSettings Settings { get; private set; } = null!;

    public string OperatorNamespace => Settings.Namespace;

    /// <summary>Where users' Services are.</summary>
    public string Web { get; private set; } = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<LifecycleWorld> StartAsync(DefinedCluster cluster)
    {
        var world = new LifecycleWorld(cluster, await EmbeddedTailnet.StartAsync(ct: Cancelled));
        world.Web = await world.CreateNamespaceAsync("web-");
        world.Settings = new OperatorSettings
        {
            Namespace = await world.CreateNamespaceAsync("operator-"),
            LoginServer = world.Tailnet.BaseAddress.ToString().TrimEnd('/'),
            ProxyFirewallMode = "auto",
        };
        await world.Client.For(KubernetesResources.ServiceAccounts).CreateAsync(
            new ServiceAccount { Metadata = new ObjectMeta { Namespace = world.OperatorNamespace, Name = "proxies" } }, cancellationToken: Cancelled);
        return world;
    }

    public async Task StopOperatorAsync()
    {
        await _operator!.DisposeAsync();
        _operator = null;
    }

    /// <param name="clockAhead">By how much the operator's clock is ahead of the cluster's, so that what takes minutes need not.</param>
    public void StartOperator(TimeSpan clockAhead = default) => _operator = new RunningOperator(log => new OperatorHost(
        Settings,
        new ProcessSettings { Identity = "test", LeaderElection = false },
        _cluster.Configuration,
        CredentialSources.From(_credentials.Settings, TimeProvider.System),
        log,
        new AheadOfTime(clockAhead)));

    public async Task<string> CreateNamespaceAsync(string prefix)
    {
        var created = await Client.For(KubernetesResources.Namespaces).CreateAsync(
            new Namespace { Metadata = new ObjectMeta { GenerateName = prefix } }, cancellationToken: Cancelled);
        return created.Metadata.Name!;
    }

    /// <summary>Creates a Service with one annotation.</summary>
    public Task<Service> CreateAsync(string ns, string name, string? annotation = null, string value = "", ServiceSpec? spec = null) => Services.CreateAsync(
        new Service
        {
            Metadata = new ObjectMeta
            {
                Namespace = ns,
                Name = name,
                Annotations = annotation is null ? null : new Dictionary<string, string> { [annotation] = value },
            },
            Spec = spec ?? new ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = name }, Ports = [new ServicePort { Port = 80 }] },
        },
        cancellationToken: Cancelled);

    public Task<Service> PatchAsync(Service service, string patch) =>
        Services.PatchAsync(KeyOf(service), Patch.Merge(Encoding.UTF8.GetBytes(patch)), cancellationToken: Cancelled);

    public Task<Service> GetAsync(Service service) => Services.GetAsync(KeyOf(service), Cancelled);

    /// <summary>All there is for a Service.</summary>
    public async Task<ProxyChildren> ChildrenAsync(Service service) => new()
    {
        HeadlessServices = [.. await ListAsync(KubernetesResources.Services, service)],
        Secrets = [.. await ListAsync(KubernetesResources.Secrets, service)],
        StatefulSets = [.. await ListAsync(KubernetesResources.StatefulSets, service)],
    };

    /// <summary>Waits until there is one of everything for a Service.</summary>
    public async Task<ProxyChildren> ProvisionedAsync(Service service)
    {
        var children = ProxyChildren.None;
        await UntilAsync(
            $"{KeyOf(service)} has a proxy",
            async () => (children = await ChildrenAsync(service)) is { HeadlessServices.Length: 1, Secrets.Length: 1, StatefulSets.Length: 1 });
        return children;
    }

    /// <summary>Waits for a condition of a Service.</summary>
    public async Task<Condition> ConditionAsync(Service service, string type, Func<Condition, bool> wanted)
    {
        Condition? found = null;
        await UntilAsync($"condition {type} of {KeyOf(service)}", async () =>
        {
            found = (await GetAsync(service)).Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
            return found is not null && wanted(found);
        });
        return found!;
    }

    /// <summary>Does what the controllers of a ProxyGroup do once its proxies serve a Service.</summary>
    public async Task ServeByGroupAsync(Service service, string group, string configured)
    {
        await Client.For(TailscaleResources.ProxyGroups).ApplyAsync(
            new ProxyGroup
            {
                ApiVersion = TailscaleResources.ProxyGroups.ApiVersion,
                Kind = TailscaleResources.ProxyGroups.Kind,
                Metadata = new ObjectMeta { Name = group },
                Spec = new ProxyGroupSpec { Type = ProxyGroupType.Ingress, Replicas = 0 },
            },
            cancellationToken: Cancelled);
        await AddConditionAsync(service, configured);
    }

    /// <summary>Adds a condition with status True that is not the operator's.</summary>
    public Task<Service> AddConditionAsync(Service service, string type) => Services.PatchAsync(
        KeyOf(service),
        Patch.Json(
        [
            new JsonObject
            {
                ["op"] = "add",
                ["path"] = "/status/conditions/-",
                ["value"] = new JsonObject
                {
                    ["type"] = type, ["status"] = "True", ["reason"] = "Test", ["message"] = "", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
                },
            },
        ]),
        new WriteOptions { Subresource = "status" },
        Cancelled);

    /// <summary>Does what the proxy of a Service does when it comes up.</summary>
    public async Task<TailnetDevice> RegisterAsync(Service service)
    {
        var secret = (await ProvisionedAsync(service)).Secrets[0];
        var config = Config(secret);
        var device = Tailnet.Devices.Register(new DeviceRegistration { Hostname = (string)config["Hostname"]!, AuthKey = (string)config["AuthKey"]! });
        await Client.For(KubernetesResources.Secrets).PatchAsync(
            KeyOf(secret),
            Patch.Merge(new Secret { Data = StateOf(device) }, KubernetesResources.Secrets.Json),
            new WriteOptions { FieldManager = "proxy" },
            Cancelled);
        return device;
    }

    /// <summary>What a proxy keeps of its device.</summary>
    public static Dictionary<string, byte[]> StateOf(TailnetDevice device) => new()
    {
        [ProxyStateKeys.DeviceId] = Encoding.UTF8.GetBytes(device.NodeId),
        [ProxyStateKeys.DeviceFqdn] = Encoding.UTF8.GetBytes(device.Name + "."),
        [ProxyStateKeys.DeviceIps] = JsonSerializer.SerializeToUtf8Bytes(device.Addresses),
    };

    /// <summary>The configuration that a proxy of today reads.</summary>
    public static JsonNode Config(Secret secret) => JsonNode.Parse(secret.Data!["cap-107.hujson"])!;

    /// <summary>Waits until the cluster and the tailnet hold nothing any more that was made for a Service.</summary>
    public Task NothingIsLeftAsync(Service service, TailnetDevice? device = null) => UntilAsync(
        $"nothing is left of the proxy of {KeyOf(service)}",
        async () => await ChildrenAsync(service) is { HeadlessServices.IsEmpty: true, Secrets.IsEmpty: true, StatefulSets.IsEmpty: true }
            && (device is null || Tailnet.Devices.Find(device.NodeId) is null)
            && (await Services.TryGetAsync(KeyOf(service), Cancelled))?.Metadata.Finalizers is not { Count: > 0 });

    /// <summary>Deletes a Service and waits until it and its proxy are gone.</summary>
    public async Task DeleteAsync(Service service, TailnetDevice? device = null)
    {
        await Services.TryDeleteAsync(KeyOf(service), cancellationToken: Cancelled);
        await NothingIsLeftAsync(service, device);
        await UntilAsync($"{KeyOf(service)} is gone", async () => await Services.TryGetAsync(KeyOf(service), Cancelled) is null);
    }

    public async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < Limit,
                $"Not within {Limit.TotalSeconds} s: {what}; last words of the operator:\n{string.Join('\n', _operator?.Log.Tail ?? [])}");
            await Task.Delay(LookAgain, Cancelled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // First what the operator must let go of: a namespace goes no earlier than the last finalizer in it.
        foreach (var ns in (string[])[Web, OperatorNamespace])
        {
            await Client.For(KubernetesResources.Namespaces).TryDeleteAsync(new ObjectKey("", ns), cancellationToken: CancellationToken.None);
        }

        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }

        await Tailnet.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public static ObjectKey KeyOf(IKubernetesObject obj) => new(obj.Metadata.Namespace!, obj.Metadata.Name!);

    /// <summary>Waits for an Event about a Service.</summary>
    public async Task<Event> EventAsync(Service service, string reason)
    {
        Event? found = null;
        await UntilAsync($"Event {reason} about {KeyOf(service)}", async () => (found = (await Client.For(KubernetesResources.Events)
            .ListAllAsync(service.Metadata.Namespace, cancellationToken: Cancelled)).Items
            .FirstOrDefault(seen => seen.Reason == reason && seen.InvolvedObject?.Name == service.Metadata.Name)) is not null);
        return found!;
    }

    private sealed class AheadOfTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private async Task<IEnumerable<T>> ListAsync<T>(ResourceType<T> type, Service service)
        where T : class, IKubernetesObject
    {
        var labels = ProxyLabels.For(new ProxyParent(ProxyParent.ServiceType, service.Metadata.Namespace!, service.Metadata.Name!));
        var options = new ListOptions { LabelSelector = string.Join(',', labels.Select(label => $"{label.Key}={label.Value}")) };
        return (await Client.For(type).ListAllAsync(OperatorNamespace, options, Cancelled)).Items;
    }
}
