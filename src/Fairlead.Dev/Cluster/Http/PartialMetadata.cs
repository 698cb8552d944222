using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Objects reduced to their metadata.</summary>
internal static class PartialMetadata
{
    public static JsonObject Of(JsonObject obj) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = obj["metadata"]!.DeepClone(),
    };
}
