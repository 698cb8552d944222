using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

/// <summary>A change of the cache.</summary>
/// <param name="Old">What the cache held before; null when the object is new.</param>
/// <param name="New">What it holds now; null when the object is gone.</param>
/// <param name="IsInitialList">The object was there when the informer first listed: it can wait for what changes now.</param>
public readonly record struct InformerEvent<T>(T? Old, T? New, bool IsInitialList)
    where T : class, IKubernetesObject
{
    /// <summary>The newest state known, also of a deleted object.</summary>
    public T Object => New ?? Old!;

    public bool IsDeletion => New is null;
}
