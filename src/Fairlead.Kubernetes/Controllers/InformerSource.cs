using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Controllers;

/// <summary>
/// Makes due what a changed object maps to, before and after the change: an object that moves from one parent to
/// another concerns both.
/// </summary>
internal sealed class InformerSource<T>(
    SharedInformer<T> informer, Func<T, IEnumerable<ObjectKey>> map, Func<T, bool>? filter, int priority, Func<T, T, bool>? matters)
    : IControllerSource
    where T : class, IKubernetesObject
{
    public ISharedInformer Informer => informer;

    public IDisposable Start(WorkQueue<ObjectKey> queue) => informer.AddHandler(change =>
    {
        if (matters is not null && change is { Old: { } before, New: { } after } && !matters(before, after))
        {
            return;
        }

        var changePriority = change.IsInitialList ? Math.Min(priority, WorkPriority.Initial) : priority;
        Enqueue(queue, change.Old, changePriority);
        Enqueue(queue, change.New, changePriority);
    });

    private void Enqueue(WorkQueue<ObjectKey> queue, T? value, int changePriority)
    {
        if (value is not null && (filter is null || filter(value)))
        {
            foreach (var key in map(value))
            {
                queue.Add(key, changePriority);
            }
        }
    }
}
