using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources;

/// <summary>Other views of a type.</summary>
public static class ResourceTypeExtensions
{
    /// <summary>The same objects reduced to their metadata, by the server: for who needs no more, or may not see more.</summary>
    public static ResourceType<PartialObjectMetadata> MetadataOnly<T>(this ResourceType<T> type)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(type);
        return new(type.Group, type.Version, type.Kind, type.Plural, type.Namespaced, KubernetesJsonContext.Default.PartialObjectMetadata);
    }
}
