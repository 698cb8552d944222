using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

/// <summary>Shapes objects before they are kept in memory.</summary>
public static class CacheProjection
{
    /// <summary>
    /// Drops <c>metadata.managedFields</c>, often the larger half of an object. Writing the object back without it changes
    /// nothing on the server. This is what informers do unless told otherwise.
    /// </summary>
    public static T WithoutManagedFields<T>(T value)
        where T : class, IKubernetesObject =>
        value is KubernetesObject { Metadata.ManagedFields: not null } known && known with { Metadata = known.Metadata with { ManagedFields = null } } is T shaped
            ? shaped
            : value;
}
