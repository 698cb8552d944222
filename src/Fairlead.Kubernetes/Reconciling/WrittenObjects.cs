using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Hands the results of writes to the informers, so that the next snapshot already shows them and nothing is made twice.
/// </summary>
public sealed class WrittenObjects
{
    private readonly Dictionary<Type, List<object>> _informers = [];

    /// <summary>Adds an informer; to be done before the first plan runs.</summary>
    public WrittenObjects Inform<T>(SharedInformer<T> informer)
        where T : class, IKubernetesObject
    {
        if (!_informers.TryGetValue(typeof(T), out var list))
        {
            _informers[typeof(T)] = list = [];
        }

        list.Add(informer);
        return this;
    }

    internal void Written<T>(T result)
        where T : class, IKubernetesObject
    {
        foreach (var informer in Of<T>())
        {
            informer.Observe(result);
        }
    }

    internal void Deleted<T>(ObjectKey key, string? uid)
        where T : class, IKubernetesObject
    {
        foreach (var informer in Of<T>())
        {
            informer.ObserveDeleted(key, uid);
        }
    }

    private IEnumerable<SharedInformer<T>> Of<T>()
        where T : class, IKubernetesObject =>
        _informers.TryGetValue(typeof(T), out var list) ? list.Cast<SharedInformer<T>>() : [];
}
