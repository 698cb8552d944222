using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Controllers;

/// <summary>Says what a controller watches, how changes map to keys, and what to do with a key.</summary>
public sealed class ControllerBuilder
{
    private readonly string _name;
    private readonly List<IControllerSource> _sources = [];
    private Func<ObjectKey, CancellationToken, ValueTask<ReconcileResult>>? _reconcile;
    private ControllerOptions _options = ControllerOptions.Default;

    /// <param name="name">Lower-case words with dashes, for example <c>service-reconciler</c>; shown in logs and metrics.</param>
    public ControllerBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
    }

    public ControllerBuilder Reconcile(Func<ObjectKey, CancellationToken, ValueTask<ReconcileResult>> reconcile)
    {
        _reconcile = reconcile;
        return this;
    }

    public ControllerBuilder Reconcile(IReconciler reconciler)
    {
        ArgumentNullException.ThrowIfNull(reconciler);
        return Reconcile(reconciler.ReconcileAsync);
    }

    public ControllerBuilder Options(ControllerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        return this;
    }

    /// <summary>Changes of an object make its own key due.</summary>
    /// <param name="filter">Objects that concern this controller; null: all.</param>
    public ControllerBuilder Watch<T>(SharedInformer<T> informer, Func<T, bool>? filter = null, int priority = WorkPriority.Normal)
        where T : class, IKubernetesObject =>
        WatchMapped(informer, static value => [ObjectIdentity.KeyOf(value)], filter, priority);

    /// <summary>Changes of an object make the keys due that a function derives from it. The function runs inside the informer: look up, do not wait.</summary>
    /// <param name="matters">Whether a change from one state to the next is worth a reconcile; null: every change is.</param>
    public ControllerBuilder WatchMapped<T>(
        SharedInformer<T> informer,
        Func<T, IEnumerable<ObjectKey>> map,
        Func<T, bool>? filter = null,
        int priority = WorkPriority.Normal,
        Func<T, T, bool>? matters = null)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(informer);
        ArgumentNullException.ThrowIfNull(map);
        _sources.Add(new InformerSource<T>(informer, map, filter, priority, matters));
        return this;
    }

    /// <summary>Changes of an object make the owner due that its controller reference names.</summary>
    /// <param name="owner">Type of the owner; its group and kind must match, its version need not.</param>
    public ControllerBuilder WatchOwned<T, TOwner>(SharedInformer<T> informer, ResourceType<TOwner> owner, int priority = WorkPriority.Normal)
        where T : class, IKubernetesObject
        where TOwner : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(owner);
        return WatchMapped(informer, value => OwnerMapping.Owners(value, owner.Group, owner.Kind, owner.Namespaced), null, priority);
    }

    /// <summary>Changes of an object make the parent due that its labels name.</summary>
    /// <param name="nameLabel">Label with the parent's name; objects without it concern nobody.</param>
    /// <param name="namespaceLabel">Label with the parent's namespace; null: the parent is cluster-scoped.</param>
    public ControllerBuilder WatchLabelled<T>(
        SharedInformer<T> informer, string nameLabel, string? namespaceLabel, Func<T, bool>? filter = null, int priority = WorkPriority.Normal)
        where T : class, IKubernetesObject =>
        WatchMapped(informer, value => LabelMapping.Parents(value, nameLabel, namespaceLabel), filter, priority);

    /// <exception cref="InvalidOperationException">There is no reconciler.</exception>
    public Controller Build(ILoggerFactory logging, RuntimeMetrics? metrics = null, TimeProvider? time = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(logging);
        var reconcile = _reconcile ?? throw new InvalidOperationException($"Controller {_name} has no reconciler; call Reconcile first.");
        return new Controller(_name, reconcile, [.. _sources], _options, logging.CreateLogger<Controller>(), metrics, time ?? TimeProvider.System, random);
    }
}
