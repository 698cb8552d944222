using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>An object seen as <c>autoscaling/v1 Scale</c>.</summary>
internal static class ScaleDocument
{
    public static JsonObject Read(JsonObject obj, ScaleSubresource scale)
    {
        var metadata = obj["metadata"]!.AsObject();
        var shown = new JsonObject();
        foreach (var member in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (metadata[member] is { } value)
                shown[member] = value.DeepClone();
        }

        var status = new JsonObject { ["replicas"] = Number(obj, scale.StatusReplicasPath) };
        if (scale.LabelSelectorPath is { } path && SelectorText(Find(obj, path)) is { } selector)
            status["selector"] = selector;
        // The members of a Scale have no presence: zero is left out of the spec.
        var replicas = Number(obj, scale.SpecReplicasPath);
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = shown,
            ["spec"] = JsonNode.DeepEquals(replicas, JsonValue.Create(0)) ? new JsonObject() : new JsonObject { ["replicas"] = replicas },
            ["status"] = status,
        };
    }

    /// <summary>The object with the scale's replicas and preconditions.</summary>
    public static JsonObject Write(JsonObject obj, ScaleSubresource scale, JsonObject document)
    {
        var name = (string?)obj["metadata"]!["name"];
        if (document["kind"] is { } kind && kind.ToString() != "Scale")
            throw ApiErrors.BadRequest($"kind in the body is \"{kind}\", expected \"Scale\"");
        if (document["metadata"]?["name"] is { } given && given.ToString() != name)
            throw ApiErrors.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        var replicas = document["spec"]?["replicas"];
        if (replicas is not null && replicas.GetValueKind() != JsonValueKind.Number)
            throw ApiErrors.BadRequest("Scale: spec.replicas must be an integer");
        if ((long?)replicas < 0)
            throw InvalidObject.Exception("autoscaling", "Scale", name ?? "",
                [new FieldError(FieldErrorType.Invalid, "spec.replicas", "must be greater than or equal to 0", replicas!.ToJsonString())]);
        var result = obj.DeepClone().AsObject();
        Set(result, scale.SpecReplicasPath, replicas?.DeepClone() ?? JsonValue.Create(0));
        foreach (var member in (ReadOnlySpan<string>)["resourceVersion", "uid"])
        {
            if (document["metadata"]?[member] is { } value)
                result["metadata"]![member] = value.DeepClone();
        }

        return result;
    }

    private static JsonNode Number(JsonObject obj, string path) => Find(obj, path)?.DeepClone() ?? JsonValue.Create(0);

    private static JsonNode? Find(JsonObject obj, string path) =>
        Segments(path).Aggregate((JsonNode?)obj, (node, name) => (node as JsonObject)?[name]);

    private static void Set(JsonObject obj, string path, JsonNode value)
    {
        var segments = Segments(path);
        foreach (var name in segments[..^1])
        {
            if (obj[name] is not JsonObject child)
                obj[name] = child = [];
            obj = child;
        }

        obj[segments[^1]] = value;
    }

    private static string[] Segments(string path) => path.Split('.', StringSplitOptions.RemoveEmptyEntries);

    private static string? SelectorText(JsonNode? selector)
    {
        if (selector is not JsonObject o)
            return selector?.ToString();
        var terms = (o["matchLabels"] as JsonObject ?? []).Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal).ToList();
        foreach (var expression in o["matchExpressions"] as JsonArray ?? [])
        {
            var key = expression!["key"]!.ToString();
            var values = string.Join(',', (expression["values"] as JsonArray ?? []).Select(v => v!.ToString()).Order(StringComparer.Ordinal));
            terms.Add(expression["operator"]?.ToString() switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "DoesNotExist" => "!" + key,
                _ => key,
            });
        }

        return string.Join(',', terms);
    }
}
