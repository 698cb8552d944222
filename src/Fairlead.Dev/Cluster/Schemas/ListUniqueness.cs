using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Elements of sets are distinct, and so are the keys of elements of list maps.</summary>
internal static class ListUniqueness
{
    public static void Validate(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        switch (value)
        {
            case JsonObject obj:
                foreach (var (name, member) in obj)
                {
                    if (schema.Properties.TryGetValue(name, out var declared))
                        Validate(member, declared, path.Member(name), errors);
                    else if (schema.AdditionalProperties is { } additional)
                        Validate(member, additional, path.Key(name), errors);
                }

                break;
            case JsonArray array:
                ValidateArray(array, schema, path, errors);
                break;
        }
    }

    private static void ValidateArray(JsonArray array, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (schema.ListType != ListType.Atomic && !schema.AllowsRepeatedKeys)
        {
            var seen = new List<JsonNode?>();
            for (var i = 0; i < array.Count; i++)
            {
                var identity = schema.ListType == ListType.Map ? Keys(array[i], schema) : array[i];
                if (seen.Any(other => JsonNode.DeepEquals(other, identity)))
                    errors.Add(new FieldError(FieldErrorType.Duplicate, path.Index(i).ToString(), "", JsonText.Of(identity)));
                else
                    seen.Add(identity);
            }
        }

        for (var i = 0; schema.Items is { } items && i < array.Count; i++)
            Validate(array[i], items, path.Index(i), errors);
    }

    private static JsonObject? Keys(JsonNode? element, SchemaNode schema)
    {
        if (element is not JsonObject obj)
            return null;
        var keys = new JsonObject();
        foreach (var key in schema.ListMapKeys)
        {
            if (obj.TryGetPropertyValue(key, out var value))
                keys[key] = value?.DeepClone();
        }

        return keys;
    }
}
