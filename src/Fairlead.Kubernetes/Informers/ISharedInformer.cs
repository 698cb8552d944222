namespace Fairlead.Kubernetes.Informers;

/// <summary>An informer of whatever type, as health checks and waiting code see it.</summary>
public interface ISharedInformer
{
    /// <summary><c>plural.group</c>.</summary>
    string Resource { get; }

    InformerScope Scope { get; }

    bool HasSynced { get; }

    InformerStatus Status { get; }

    /// <summary>Completes when the first complete list is in the cache and every handler has been told of it.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
