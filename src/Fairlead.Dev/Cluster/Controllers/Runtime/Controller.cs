using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>Brings the objects of one sort to the state that is wanted of them, one at a time.</summary>
internal abstract class Controller : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly Dictionary<ObjectId, int> _failures = [];

    protected Controller(ClusterView view)
    {
        View = view;
        Queue = new KeyQueue(view.Time);
    }

    protected ClusterView View { get; }

    protected KeyQueue Queue { get; }

    /// <summary>Works until cancelled. A failure, expected or not, delays its object, ever longer, and holds up no other.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            ObjectId id;
            try
            {
                id = await Queue.TakeAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                Reconcile(id);
                _failures.Remove(id);
            }
            catch (Exception e)
            {
                if (e is not ApiStatusException)
                    ControllerLog.Failed(View.Logger, GetType().Name, id, e);
                var failures = _failures[id] = _failures.GetValueOrDefault(id) + 1;
                var delay = FirstDelay * Math.Pow(2, Math.Min(failures - 1, 20));
                Queue.AddAfter(id, delay < LongestDelay ? delay : LongestDelay);
            }
        }
    }

    public void Dispose() => Queue.Dispose();

    protected abstract void Reconcile(ObjectId id);

    /// <summary>Looks at the objects of a type whenever they change.</summary>
    protected void LookAt(string group, string plural) => View.Cache(group, plural).Changed += (id, _, _) => Queue.Add(id);

    /// <summary>Looks at the controlling owner of objects whenever those change.</summary>
    protected void LookAtOwners(string group, string plural, string ownerGroup, string ownerPlural, string ownerKind) =>
        View.Cache(group, plural).Changed += (id, before, after) =>
        {
            var owner = OwnerReferences.Controller(after ?? before!);
            if (owner is { } reference && reference.Kind == ownerKind)
                Queue.Add(new ObjectId(ownerGroup, ownerPlural, id.Namespace, reference.Name));
        };
}
