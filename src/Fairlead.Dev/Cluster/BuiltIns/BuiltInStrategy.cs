using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>The strategy of a resource type as its normal form plus two functions: what else to fill in, and what to refuse.</summary>
internal sealed class BuiltInStrategy(
    SchemaNode schema,
    Action<JsonObject, JsonObject?>? prepare = null,
    Action<JsonObject, JsonObject?, Problems>? validate = null) : IResourceStrategy
{
    public void PrepareForCreate(JsonObject obj)
    {
        ObjectNormalizer.Normalize(schema, obj);
        prepare?.Invoke(obj, null);
    }

    public void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        ObjectNormalizer.Normalize(schema, obj);
        prepare?.Invoke(obj, old);
    }

    public IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        var problems = new Problems();
        Rules.QuantityRules.Check(schema, obj, "", problems);
        validate?.Invoke(obj, old, problems);
        return problems.Found;
    }

    public void Release(JsonObject obj)
    {
    }
}
