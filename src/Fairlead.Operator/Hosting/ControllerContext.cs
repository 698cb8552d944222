using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Operator.Resources.Tailnets;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Operator.Tailnets;
using Fairlead.Tailscale;
using Microsoft.Extensions.Logging;

namespace Fairlead.Operator.Hosting;

/// <summary>
/// What the controllers of all kinds share: settings, clients, caches, the engine that applies plans. A kind's controller is built from this
/// and nothing else.
/// </summary>
internal sealed class ControllerContext : IDisposable
{
    private readonly InformerFactory _informers;
    private readonly ILoggerFactory _logging;
    private readonly RuntimeMetrics _metrics;
    private readonly WrittenObjects _written = new();
    private readonly HashSet<ISharedInformer> _told = [];
    private readonly List<IDisposable> _owned = [];
    private readonly ControllerOptions _options;

    public ControllerContext(
        OperatorSettings settings,
        ProcessSettings process,
        KubernetesClient client,
        InformerFactory informers,
        TailscaleClient tailscale,
        EventRecorder events,
        ILoggerFactory logging,
        RuntimeMetrics metrics,
        TimeProvider time)
    {
        Settings = settings;
        Client = client;
        Time = time;
        _informers = informers;
        _logging = logging;
        _metrics = metrics;
        _options = new ControllerOptions { Workers = process.Workers };
        TailnetObjects = Written(TailscaleResources.Tailnets);
        CredentialSecrets = Watched(
            KubernetesResources.Secrets, new InformerScope(settings.Namespace, $"{ProxyLabels.Managed}!=true"), TailnetSecret.Keep);
        TailnetRegistry = Own(new TailnetRegistry(
            tailscale, settings, client, TailnetObjects, () => TailnetObjects.Status, CredentialSecrets, logging, time));
        Applier = new PlanApplier(client, OperatorHost.FieldManager, new TailnetCalls(TailnetRegistry), _written, events, logging.CreateLogger<PlanApplier>());
        Refusals = Own(new PodRefusals(settings, client, time));
        var children = new InformerScope(settings.Namespace, $"{ProxyLabels.Managed}=true");
        Services = ByParent(Written(KubernetesResources.Services, InformerScope.All, ServiceProjection.Keep));
        Secrets = ByParent(Written(KubernetesResources.Secrets, children, ProxySecretProjection.Keep));
        StatefulSets = ByParent(Written(KubernetesResources.StatefulSets, children));

        // A deleted Pod stays while it ends, and only the watch tells when it is gone.
        Pods = ByParent(Watched(KubernetesResources.Pods, children, ProxyPodProjection.Keep));
        ProxyClasses = Written(TailscaleResources.ProxyClasses);
        ProxyClassResolver = new ProxyClassResolver(settings, ProxyClasses, () => ProxyClasses.Status);
        ProxyChildren = new ProxyChildrenObserver(settings, Refusals, Services, Secrets, StatefulSets, Pods, client, time);
        ProxyOrphans = new ProxyOrphans(ProxyChildren, Applier);
    }

    public OperatorSettings Settings { get; }

    public KubernetesClient Client { get; }

    /// <summary>The clients of all tailnets; see <see cref="NotifyOfTailnets"/> for a kind whose objects name one.</summary>
    public ITailnetClients Tailnets => TailnetRegistry;

    public TailnetRegistry TailnetRegistry { get; }

    public SharedInformer<Tailnet> TailnetObjects { get; }

    /// <summary>Credentials in Secrets of the operator's namespace that belong to no proxy.</summary>
    public SharedInformer<Secret> CredentialSecrets { get; }

    public TimeProvider Time { get; }

    public PlanApplier Applier { get; }

    public PodRefusals Refusals { get; }

    /// <summary>Services of all namespaces.</summary>
    public SharedInformer<Service> Services { get; }

    /// <summary>Secrets of proxies, in the operator's namespace.</summary>
    public SharedInformer<Secret> Secrets { get; }

    /// <summary>StatefulSets of proxies, in the operator's namespace.</summary>
    public SharedInformer<StatefulSet> StatefulSets { get; }

    /// <summary>Pods of proxies, in the operator's namespace.</summary>
    public SharedInformer<Pod> Pods { get; }

    public SharedInformer<ProxyClass> ProxyClasses { get; }

    public ProxyClassResolver ProxyClassResolver { get; }

    public ProxyChildrenObserver ProxyChildren { get; }

    public ProxyOrphans ProxyOrphans { get; }

    /// <summary>The cache of a type that plans write: it shows the result of a write at once.</summary>
    /// <inheritdoc cref="InformerFactory.For{T}"/>
    public SharedInformer<T> Written<T>(ResourceType<T> type, InformerScope? scope = null, Func<T, T>? project = null)
        where T : class, IKubernetesObject
    {
        var informer = Watched(type, scope, project);
        if (_told.Add(informer))
        {
            _written.Inform(informer);
        }

        return informer;
    }

    /// <summary>The cache of a type that is only read.</summary>
    /// <inheritdoc cref="InformerFactory.For{T}"/>
    public SharedInformer<T> Watched<T>(ResourceType<T> type, InformerScope? scope = null, Func<T, T>? project = null)
        where T : class, IKubernetesObject => _informers.For(type, scope, project);

    public Controller Build(ControllerBuilder builder) => builder.Options(_options).Build(_logging, _metrics, Time);

    /// <summary>
    /// Has a controller look at keys when an object changes whose type may not be served: a source of the controller would keep it waiting for
    /// that type.
    /// </summary>
    public void Notify<T>(SharedInformer<T> informer, Controller controller, Func<T, IEnumerable<ObjectKey>> map)
        where T : class, IKubernetesObject => Own(informer.AddHandler(change =>
        {
            foreach (var key in map(change.Object))
            {
                controller.Enqueue(key);
            }
        }));

    /// <summary>Has a controller look at the users of a Tailnet when that changes, becomes ready or fails, and when its credentials do.</summary>
    /// <param name="usersOf">Keys of the objects that name a Tailnet.</param>
    public void NotifyOfTailnets(Controller controller, Func<string, IEnumerable<ObjectKey>> usersOf)
    {
        Notify(TailnetObjects, controller, tailnet => usersOf(tailnet.Metadata.Name ?? ""));
        Notify(CredentialSecrets, controller, secret => TailnetController.UsersOf(TailnetObjects, secret).SelectMany(tailnet => usersOf(tailnet.Name)));
    }

    /// <summary>Disposes it at the end.</summary>
    public T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    public void Dispose()
    {
        for (var index = _owned.Count - 1; index >= 0; index--)
        {
            _owned[index].Dispose();
        }
    }

    private static SharedInformer<T> ByParent<T>(SharedInformer<T> informer)
        where T : class, IKubernetesObject => informer.AddIndex(ProxyChildrenObserver.ParentIndex, ProxyChildrenObserver.ParentIndexKeys);
}
