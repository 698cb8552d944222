using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Manifests;

/// <summary>An object as somebody wrote it, and where.</summary>
/// <param name="Prefix">Path of the object in its document: empty, or <c>items[2].</c> inside a List.</param>
internal sealed record SourceObject(YamlDocument Document, string Prefix, JsonObject Body)
{
    public string ApiVersion => Text(Body["apiVersion"]);

    public string Kind => Text(Body["kind"]);

    public string Name => Text((Body["metadata"] as JsonObject)?["name"]);

    public string Namespace => Text((Body["metadata"] as JsonObject)?["namespace"]);

    /// <summary><c>Service argocd/argocd-server</c>.</summary>
    public string Describe(string defaultNamespace) =>
        $"{Kind} {new ObjectKey(Namespace.Length > 0 ? Namespace : defaultNamespace, Name)}";

    /// <summary>Where a field of the object is written; of one that is missing, the nearest part around it.</summary>
    public SourcePosition PositionOf(string field) => Document.PositionOf(Prefix + field);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
