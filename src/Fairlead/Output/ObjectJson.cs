using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Output;

/// <summary>Typed objects as JSON that can be changed.</summary>
internal static class ObjectJson
{
    public static JsonObject Of<T>(ResourceType<T> type, T value)
        where T : class, IKubernetesObject =>
        JsonNode.Parse(ObjectCodec.Encode(type, value).Span)!.AsObject();
}
