using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources;
using Fairlead.Operator.ServiceProxies;
using Microsoft.Extensions.Logging;

namespace Fairlead.Operator.Hosting;

/// <summary>All controllers with the caches they share.</summary>
internal sealed class OperatorControllers : IDisposable
{
    private const string ClassIndex = "proxy-class";

    private readonly OperatorMetrics _metrics;
    private readonly PlanApplier _applier;
    private readonly PodRefusals _refusals;
    private readonly List<IDisposable> _handlers = [];

    public OperatorControllers(
        OperatorSettings settings,
        ProcessSettings process,
        KubernetesClient client,
        InformerFactory informers,
        IExternalCallHandler calls,
        EventRecorder events,
        ILoggerFactory logging,
        RuntimeMetrics metrics,
        TimeProvider time)
    {
        var children = new InformerScope(settings.Namespace, $"{ProxyLabels.Managed}=true");
        var services = informers.For(KubernetesResources.Services, InformerScope.All, ServiceProjection.Keep);
        var secrets = informers.For(KubernetesResources.Secrets, children, ProxySecretProjection.Keep);
        var statefulSets = informers.For(KubernetesResources.StatefulSets, children);
        var pods = informers.For(KubernetesResources.Pods, children, ProxyPodProjection.Keep);
        var classes = informers.For(TailscaleResources.ProxyClasses);
        services.AddIndex(ProxyChildrenObserver.ParentIndex, ProxyChildrenObserver.ParentIndexKeys);
        secrets.AddIndex(ProxyChildrenObserver.ParentIndex, ProxyChildrenObserver.ParentIndexKeys);
        statefulSets.AddIndex(ProxyChildrenObserver.ParentIndex, ProxyChildrenObserver.ParentIndexKeys);
        pods.AddIndex(ProxyChildrenObserver.ParentIndex, ProxyChildrenObserver.ParentIndexKeys);
        services.AddIndex(ClassIndex, service => ServiceClassIndex.KeysOf(service, settings));

        // Pods are not among them: a deleted one stays while it ends, and only the watch tells when it is gone.
        _applier = new PlanApplier(
            client,
            OperatorHost.FieldManager,
            calls,
            new WrittenObjects().Inform(services).Inform(secrets).Inform(statefulSets).Inform(classes),
            events,
            logging.CreateLogger<PlanApplier>());
        _refusals = new PodRefusals(settings, client, time);
        var observer = new ServiceObserver(
            settings,
            client,
            services,
            new ProxyChildrenObserver(settings, _refusals, services, secrets, statefulSets, pods, client, time),
            new ProxyClassResolver(settings, classes, () => classes.Status),
            time);
        var options = new ControllerOptions { Workers = process.Workers };
        var serviceController = new ControllerBuilder("service-reconciler")
            .Options(options)
            .Reconcile(new ServiceReconciler(observer, _applier))
            .WatchMapped(services, ServiceEvents.KeysOf)
            .WatchMapped(secrets, ServiceEvents.ParentOf)
            .WatchMapped(statefulSets, ServiceEvents.ParentOf, matters: ProxyStatefulSetChange.Matters)
            .WatchMapped(pods, ServiceEvents.ParentOf)
            .Build(logging, metrics, time);

        var definitions = informers.For(
            KubernetesResources.CustomResourceDefinitions,
            InformerScope.Named(ProxyClassObserver.ServiceMonitorDefinition),
            static definition => new CustomResourceDefinition { Metadata = definition.Metadata });
        var classObserver = new ProxyClassObserver(client, classes, new NodePortRange(settings, client), time);
        var classController = new ControllerBuilder("proxyclass-reconciler")
            .Options(options)
            .Reconcile(new ProxyClassReconciler(classObserver, _applier))
            .WatchMapped(classes, classObserver.Concerned)
            .Build(logging, metrics, time);

        // Not a source of the controller: judging classes does not wait for the right to see definitions.
        _handlers.Add(definitions.AddHandler(_ =>
        {
            foreach (var key in classObserver.WantingServiceMonitors())
            {
                classController.Enqueue(key);
            }
        }));

        // Not a source of the controller: it would wait for a type whose definition may not be installed.
        _handlers.Add(classes.AddHandler(change =>
        {
            foreach (var service in services.ByIndex(ClassIndex, change.Object.Metadata.Name ?? ""))
            {
                serviceController.Enqueue(new ObjectKey(service.Metadata.Namespace ?? "", service.Metadata.Name ?? ""));
            }
        }));
        _metrics = new OperatorMetrics(services, classes, settings);
        All = [serviceController, classController];
    }

    public IReadOnlyList<Controller> All { get; }

    /// <summary>To be called when this replica leads no more.</summary>
    public Task EndTermAsync(CancellationToken cancellationToken) => _applier.EndTermAsync(cancellationToken);

    public void Dispose()
    {
        foreach (var handler in _handlers)
        {
            handler.Dispose();
        }

        _metrics.Dispose();
        foreach (var controller in All)
        {
            controller.Dispose();
        }

        _refusals.Dispose();
    }
}
