using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Controllers.Deployments;
using Fairlead.Dev.Cluster.Controllers.Endpoints;
using Fairlead.Dev.Cluster.Controllers.Jobs;
using Fairlead.Dev.Cluster.Controllers.Lifecycle;
using Fairlead.Dev.Cluster.Controllers.Quotas;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Cluster.Controllers.StatefulSets;
using Fairlead.Dev.Cluster.Resources;
using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.Cluster.Controllers;

/// <summary>
/// The controllers every cluster has: workloads to Pods, Services to endpoints, garbage collection, namespaces, aggregated
/// roles and quotas. Pods without a node stay Pending; Pods that someone binds to a node are that node's keeper's to run and to end.
/// </summary>
public sealed class ClusterControllers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Controller> _controllers;
    private readonly ClusterView _view;
    private readonly Task _running;

    private ClusterControllers(IClusterApi api, Func<IReadOnlyList<ResourceDefinition>> served, string? authorityPem, TimeProvider time, ILogger logger)
    {
        _view = new ClusterView(api, time, logger, _stopping.Token);
        var types = new ServedTypes(_view, served);
        _controllers =
        [
            new StatefulSetController(_view), new ReplicaSetController(_view), new DeploymentController(_view), new JobController(_view),
            new EndpointController(_view), new GarbageCollector(_view, types), new NamespaceController(_view, types),
            new NamespaceDefaultsController(_view, authorityPem), new AggregatedRolesController(_view), new ResourceQuotaController(_view),
        ];
        _view.Cache("apiextensions.k8s.io", "customresourcedefinitions").Changed += (_, _, _) => types.Refresh();
        types.Refresh();
        _running = Task.WhenAll(_controllers.Select(c => Task.Run(() => c.RunAsync(_stopping.Token))));
    }

    /// <summary>Starts the controllers.</summary>
    /// <param name="served">The types the server serves at the moment.</param>
    /// <param name="authorityPem">Certificate of the server's authority, for <c>kube-root-ca.crt</c>; null over plain HTTP.</param>
    public static ClusterControllers Start(
        IClusterApi api, Func<IReadOnlyList<ResourceDefinition>> served, string? authorityPem, TimeProvider time, ILogger logger) =>
        new(api, served, authorityPem, time, logger);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running, _view.Completion).ConfigureAwait(false);
        _controllers.ForEach(c => c.Dispose());
        _stopping.Dispose();
    }
}
