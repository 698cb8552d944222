using System.Text;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Operator.Tests.ServiceProxies;

/// <summary>Plans of Services carried out on an API server that loses answers, from views that lag behind it.</summary>
public sealed class ServiceProxyApplyTests : IAsyncLifetime
{
    private const string ProxyName = "ts-web-b4x7z";

    private static readonly ObjectKey SecretKey = new("tailscale", $"{ProxyName}-0");

    private readonly CountingCalls _calls = new();
    private EmbeddedCluster _cluster = null!;
    private KubernetesClient _client = null!;
    private EventRecorder _events = null!;
    private PlanApplier _applier = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false }, Cancellation);
        var token = _cluster.CreateUser("operator", "system:masters");
        _client = new KubernetesClient(new ClusterConfiguration { Server = _cluster.Url, Credentials = new Token(token) });
        _events = new EventRecorder(_client, new EventRecorderOptions { Component = "tests" }, NullLoggerFactory.Instance);
        _applier = new PlanApplier(_client, "fairlead", _calls, new WrittenObjects(), _events, NullLogger<PlanApplier>.Instance);
        await _client.For(KubernetesResources.Namespaces).CreateAsync(
            new Namespace { Metadata = new ObjectMeta { Name = "tailscale" } }, cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_key_whose_Secret_could_not_be_written_is_used_for_the_next_try()
    {
        var service = await ExposedAsync();
        _cluster.Faults.Add(new RequestMatch { Resource = "secrets", Verb = "create" }, new FaultEffect.Fail(500, "InternalError"));

        var failed = await ReconcileAsync(service, ProxyChildren.None);
        var repeated = await ReconcileAsync(await CurrentAsync(service), await ChildrenAsync());

        Assert.Equal(ReconcileOutcome.Retried, failed.Outcome);
        Assert.Equal(ReconcileOutcome.Done, repeated.Outcome);
        Assert.Equal(1, _calls.Keys);
    }

    [Fact]
    public async Task A_key_that_was_stored_although_the_answer_got_lost_is_never_handed_out_again()
    {
        var service = await ExposedAsync();
        _cluster.Faults.Add(new RequestMatch { Resource = "secrets", Verb = "create" }, new FaultEffect.CutAfter());
        await ReconcileAsync(service, ProxyChildren.None);
        await ReconcileAsync(await CurrentAsync(service), await ChildrenAsync());

        // By now the key may be used up. Whoever deletes the Secret wants another one.
        await _client.For(KubernetesResources.Secrets).DeleteAsync(SecretKey, cancellationToken: Cancellation);
        await ReconcileAsync(await CurrentAsync(service), await ChildrenAsync());

        var renewed = await _client.For(KubernetesResources.Secrets).GetAsync(SecretKey, Cancellation);
        Assert.Empty(_calls.RevokedKeys);
        Assert.Contains("\"key-2\"", Encoding.UTF8.GetString(renewed.Data!["cap-107.hujson"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_a_view_behind_the_cluster_had_minted_in_vain_is_revoked()
    {
        var service = await ExposedAsync();
        await ReconcileAsync(service, ProxyChildren.None);

        await ReconcileAsync(await CurrentAsync(service), await ChildrenAsync() with { Secrets = [] });
        Assert.Equal(2, _calls.Keys);
        var converged = await ReconcileAsync(await CurrentAsync(service), await ChildrenAsync());

        Assert.NotEqual(ReconcileOutcome.Retried, converged.Outcome);
        Assert.Equal(["id-2"], _calls.RevokedKeys);
    }

    [Fact]
    public async Task A_key_that_found_no_Secret_before_its_Service_went_is_revoked()
    {
        var service = await ExposedAsync();
        _cluster.Faults.Add(new RequestMatch { Resource = "secrets", Verb = "create" }, new FaultEffect.Fail(500, "InternalError"));
        await ReconcileAsync(service, ProxyChildren.None);
        await _client.For(KubernetesResources.Services).DeleteAsync(KeyOf(service), cancellationToken: Cancellation);

        await ReconcileAsync(await CurrentAsync(service), await ChildrenAsync());

        Assert.Equal(["id-1"], _calls.RevokedKeys);
    }

    [Fact]
    public async Task Clean_up_does_not_delete_a_Secret_into_which_a_device_wrote_itself_meanwhile()
    {
        var service = await ExposedAsync();
        await ReconcileAsync(service, ProxyChildren.None);
        var secrets = _client.For(KubernetesResources.Secrets);
        var seen = await secrets.GetAsync(SecretKey, Cancellation);
        var registered = await secrets.PatchAsync(
            SecretKey, Patch.Merge(new Secret { Data = new Dictionary<string, byte[]> { ["device_id"] = "nDevice"u8.ToArray() } }, KubernetesResources.Secrets.Json),
            cancellationToken: Cancellation);
        var services = _client.For(KubernetesResources.Services);
        await services.DeleteAsync(KeyOf(service), cancellationToken: Cancellation);

        var early = await ReconcileAsync(await services.GetAsync(KeyOf(service), Cancellation), ProxyChildren.None with { Secrets = [seen] });
        Assert.Equal(ReconcileOutcome.Retried, early.Outcome);
        Assert.NotNull(await secrets.TryGetAsync(SecretKey, Cancellation));
        Assert.NotNull(await services.TryGetAsync(KeyOf(service), Cancellation));

        await ReconcileAsync(await services.GetAsync(KeyOf(service), Cancellation), ProxyChildren.None with { Secrets = [registered] });
        Assert.Equal(["nDevice"], _calls.DeletedDevices);
        Assert.Null(await secrets.TryGetAsync(SecretKey, Cancellation));
        Assert.Null(await services.TryGetAsync(KeyOf(service), Cancellation));
    }

    [Fact]
    public async Task Repairing_an_object_that_changed_meanwhile_is_put_off_and_no_failure_of_the_Service()
    {
        var service = await ExposedAsync();
        await ReconcileAsync(service, ProxyChildren.None);
        var sets = _client.For(KubernetesResources.StatefulSets);
        var key = new ObjectKey("tailscale", ProxyName);
        var seen = await sets.PatchAsync(key, Patch.Merge("""{"metadata":{"labels":{"foreign":"1"}}}"""u8.ToArray()), cancellationToken: Cancellation);
        await sets.PatchAsync(key, Patch.Merge("""{"metadata":{"labels":{"foreign":"2"}}}"""u8.ToArray()), cancellationToken: Cancellation);
        var children = new ProxyChildren
        {
            StatefulSets = [seen],
            HeadlessServices = [await _client.For(KubernetesResources.Services).GetAsync(key, Cancellation)],
            Secrets = [await _client.For(KubernetesResources.Secrets).GetAsync(SecretKey, Cancellation)],
        };

        var early = await ReconcileAsync(await CurrentAsync(service), children);
        var repeated = await ReconcileAsync(await CurrentAsync(service), children with { StatefulSets = [await sets.GetAsync(key, Cancellation)] });

        Assert.Equal("the object changed meanwhile", early.Reason);
        Assert.NotEqual(ReconcileOutcome.Retried, repeated.Outcome);
        Assert.DoesNotContain("foreign", (await sets.GetAsync(key, Cancellation)).Metadata.Labels!.Keys);
    }

    private static ObjectKey KeyOf(Service service) => new(service.Metadata.Namespace!, service.Metadata.Name!);

    private Task<Service> ExposedAsync() => _client.For(KubernetesResources.Services).CreateAsync(
        new Service
        {
            Metadata = new ObjectMeta
            {
                Namespace = "default",
                Name = "web",
                Annotations = new Dictionary<string, string> { [ServiceAnnotations.Expose] = "true" },
            },
            Spec = new ServiceSpec { Ports = [new ServicePort { Port = 80 }] },
        },
        cancellationToken: Cancellation);

    private Task<Service> CurrentAsync(Service service) => _client.For(KubernetesResources.Services).GetAsync(KeyOf(service), Cancellation);

    private ValueTask<ReconcileResult> ReconcileAsync(Service service, ProxyChildren children)
    {
        var snapshot = new ServiceSnapshot
        {
            Service = service,
            Settings = new OperatorSettings { Namespace = "tailscale" },
            Children = children,
            ProxyName = ProxyName,
            Now = DateTimeOffset.UnixEpoch,
        };
        return _applier.ApplyAsync(KubernetesResources.Services, service, ServiceProxyPlan.For(snapshot), Cancellation);
    }

    private sealed class Token(string token) : ICredentialSource
    {
        private readonly Credentials _credentials = new() { BearerToken = token };

        public ValueTask<Credentials> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_credentials);

        public void Reject(Credentials refused)
        {
        }
    }

    /// <summary>A tailnet that numbers the keys it hands out.</summary>
    private sealed class CountingCalls : IExternalCallHandler
    {
        public int Keys { get; private set; }

        public List<string> DeletedDevices { get; } = [];

        public List<string> RevokedKeys { get; } = [];

        public ValueTask<object?> CallAsync(ExternalCall call, CancellationToken cancellationToken)
        {
            if (call is DeleteDeviceCall delete)
            {
                DeletedDevices.Add(delete.DeviceId);
                return ValueTask.FromResult<object?>(null);
            }

            Keys++;
            return ValueTask.FromResult<object?>(new AuthKey { Id = $"id-{Keys}", Secret = new SecretText($"key-{Keys}") });
        }

        public ValueTask DiscardAsync(ExternalCall call, object result, CancellationToken cancellationToken)
        {
            RevokedKeys.Add(((AuthKey)result).Id);
            return ValueTask.CompletedTask;
        }

        public TimeSpan? RetryAfter(Exception failure) => null;
    }

    /// <summary>What an observer with caches up to date would see.</summary>
    private async Task<ProxyChildren> ChildrenAsync() => ProxyChildren.None with
    {
        HeadlessServices = [.. await ListAsync(KubernetesResources.Services)],
        Secrets = [.. await ListAsync(KubernetesResources.Secrets)],
        StatefulSets = [.. await ListAsync(KubernetesResources.StatefulSets)],
    };

    private async Task<IReadOnlyList<T>> ListAsync<T>(ResourceType<T> type)
        where T : class, IKubernetesObject =>
        (await _client.For(type).ListAllAsync(SecretKey.Namespace, new ListOptions { LabelSelector = $"{ProxyLabels.Managed}=true" }, Cancellation)).Items;
}
