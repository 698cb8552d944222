using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Controllers;

/// <summary>Makes reality match what one object asks for.</summary>
public interface IReconciler
{
    /// <summary>Called for one key at a time. An exception counts as a failure and backs off.</summary>
    /// <param name="cancellationToken">Ends with the time limit, with the lost lease, or when the process must stop.</param>
    ValueTask<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken);
}
