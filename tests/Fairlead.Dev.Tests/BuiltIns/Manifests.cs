using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.BuiltIns;

/// <summary>Puts objects through the strategy of their type, as the server does on a write.</summary>
internal sealed class Manifests(BuiltInOptions? options = null)
{
    private readonly Dictionary<string, ResourceDefinition> _types =
        BuiltInResources.All(options ?? new BuiltInOptions()).ToDictionary(d => $"{d.ApiVersion}/{d.Kind}");

    public ResourceDefinition Type(JsonObject obj) => _types[$"{obj["apiVersion"]}/{obj["kind"]}"];

    public static JsonObject Parse(string apiVersion, string kind, string members)
    {
        var obj = JsonNode.Parse($"{{{members}}}")!.AsObject();
        obj["apiVersion"] = apiVersion;
        obj["kind"] = kind;
        obj["metadata"] ??= new JsonObject();
        obj["metadata"]!["name"] ??= "one";
        obj["metadata"]!["uid"] ??= Guid.NewGuid().ToString();
        return obj;
    }

    public JsonObject Created(JsonObject obj)
    {
        Assert.Empty(Errors(obj));
        return obj;
    }

    public IReadOnlyList<FieldError> Errors(JsonObject obj)
    {
        Type(obj).Strategy.PrepareForCreate(obj);
        return [.. Type(obj).Strategy.Validate(obj, null)];
    }

    public JsonObject Updated(JsonObject old, Action<JsonObject> change)
    {
        var obj = old.DeepClone().AsObject();
        Assert.Empty(UpdateErrors(old, obj, change));
        return obj;
    }

    public IReadOnlyList<FieldError> UpdateErrors(JsonObject old, JsonObject obj, Action<JsonObject> change)
    {
        change(obj);
        Type(obj).Strategy.PrepareForUpdate(obj, old);
        return [.. Type(obj).Strategy.Validate(obj, old)];
    }
}
