using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Runner.Environments;

/// <summary>Fields of a Pod that its containers may ask for.</summary>
internal static class FieldReferences
{
    /// <returns>Null for fields that cannot be asked for; empty for known ones without a value.</returns>
    public static string? Value(JsonObject pod, string path, PodAddress address)
    {
        var (metadata, spec) = (pod.Object("metadata"), pod.Object("spec"));
        return path switch
        {
            "metadata.name" => pod.Name(),
            "metadata.namespace" => pod.Namespace(),
            "metadata.uid" => pod.Uid(),
            "metadata.labels" => All(metadata, "labels"),
            "metadata.annotations" => All(metadata, "annotations"),
            "spec.nodeName" => spec.Text("nodeName") ?? "",
            "spec.serviceAccountName" => spec.Text("serviceAccountName") ?? "",
            "status.hostIP" or "status.hostIPs" => address.Node.ToString(),
            "status.podIP" or "status.podIPs" => address.Pod.ToString(),
            _ => Subscript(path, "metadata.labels") is { } label ? metadata.Object("labels").Text(label) ?? ""
                : Subscript(path, "metadata.annotations") is { } annotation ? metadata.Object("annotations").Text(annotation) ?? ""
                : null,
        };
    }

    private static string? Subscript(string path, string member) =>
        path.StartsWith(member + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) ? path[(member.Length + 2)..^2] : null;

    // As files show them: a line for each, sorted, values quoted.
    private static string All(JsonObject? metadata, string member) =>
        string.Join('\n', metadata.TextMap(member).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key}={JsonValue.Create(e.Value)!.ToJsonString()}"));
}
