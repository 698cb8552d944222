using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>What to ask for: whole objects, or their metadata alone.</summary>
internal static class MediaTypes
{
    public static string Object<T>(ResourceType<T> type)
        where T : class, IKubernetesObject =>
        typeof(T) == typeof(PartialObjectMetadata) ? "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" : ApiRequest.Json;

    public static string List<T>(ResourceType<T> type)
        where T : class, IKubernetesObject =>
        typeof(T) == typeof(PartialObjectMetadata) ? "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" : ApiRequest.Json;
}
