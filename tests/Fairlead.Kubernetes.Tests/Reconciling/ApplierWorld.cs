using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Tests.Controllers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.Reconciling;

/// <summary>A cluster in which nobody else writes if it is embedded, with one parent, a Service, and an applier of plans for it.</summary>
internal sealed class ApplierWorld : IAsyncDisposable
{
    private const string ParentName = "parent";

    private readonly RuntimeCluster _cluster;
    private readonly EventRecorder _events;
    private readonly InformerFactory _informers;
    private readonly SharedInformer<ConfigMap> _children;
    private readonly PlanApplier _applier;

    private ApplierWorld(RuntimeCluster cluster)
    {
        _cluster = cluster;
        _events = new EventRecorder(cluster.Client, new EventRecorderOptions { Component = "tests" }, NullLoggerFactory.Instance);
        _informers = new InformerFactory(cluster.Client, NullLoggerFactory.Instance);
        _children = _informers.For(KubernetesResources.ConfigMaps, InformerScope.In(cluster.Web));
        _applier = new PlanApplier(cluster.Client, "tests", Calls, new WrittenObjects().Inform(_children), _events, NullLogger<PlanApplier>.Instance);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public RecordingCalls Calls { get; } = new();

    public FaultInjector Faults => _cluster.Faults;

    /// <summary>Of the parent and its children.</summary>
    public string Namespace => _cluster.Web;

    public ResourceClient<Service> Parents => For(KubernetesResources.Services);

    public static async Task<ApplierWorld> StartAsync()
    {
        var world = new ApplierWorld(await RuntimeCluster.StartAsync(controllers: false));
        await world.Parents.CreateAsync(new Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new ObjectMeta { Namespace = world.Namespace, Name = ParentName },
            Spec = new ServiceSpec { Type = "LoadBalancer", Ports = [new ServicePort { Port = 80 }] },
        }, cancellationToken: Cancelled);
        return world;
    }

    public ResourceClient<T> For<T>(ResourceType<T> type)
        where T : class, IKubernetesObject => _cluster.Client.For(type);

    public Task<Service> ParentAsync() => Parents.GetAsync(new(Namespace, ParentName), Cancelled);

    /// <summary>Fills a cache with the children, and keeps it current.</summary>
    public async Task ObserveChildrenAsync()
    {
        _informers.Start();
        await _children.WaitForSyncAsync(Cancelled);
    }

    public ConfigMap? Observed(ObjectKey child) => _children.Get(child);

    /// <summary>Counts requests of a verb from now on.</summary>
    public Fault Count(string verb) => Faults.Add(new RequestMatch { Verb = verb }, new FaultEffect.Delay(TimeSpan.Zero), times: int.MaxValue);

    public Task<ReconcileResult> ApplyAsync(params ImmutableArray<PlanStep> steps) => ApplyAsync(new ReconcilePlan<Service> { Steps = steps });

    /// <summary>Applies a plan to the parent as it is now, or as it was seen.</summary>
    public async Task<ReconcileResult> ApplyAsync(ReconcilePlan<Service> plan, Service? seen = null) =>
        await _applier.ApplyAsync(KubernetesResources.Services, seen ?? await ParentAsync(), plan, Cancelled);

    /// <summary>Applies a plan to a parent of another type.</summary>
    public async Task<ReconcileResult> ApplyAsync<T>(ResourceType<T> type, T parent, ReconcilePlan<T> plan)
        where T : class, IKubernetesObject => await _applier.ApplyAsync(type, parent, plan, Cancelled);

    public Task EndTermAsync() => _applier.EndTermAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        // Finalizers of tests would keep the namespace for good.
        await Parents.PatchAsync(
            new(Namespace, ParentName), Patch.Merge("""{"metadata":{"finalizers":null}}"""u8.ToArray()), cancellationToken: CancellationToken.None);
        await _events.DisposeAsync();
        await _informers.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}
