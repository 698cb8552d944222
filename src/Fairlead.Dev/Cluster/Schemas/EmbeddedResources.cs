using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Objects inside an object (<c>x-kubernetes-embedded-resource</c>) carry a type and metadata of the usual shape.</summary>
internal static class EmbeddedResources
{
    public static void Validate(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        switch (value)
        {
            case JsonObject obj:
                if (schema.EmbeddedResource)
                    ValidateEmbedded(obj, path, errors);
                foreach (var (name, member) in obj)
                {
                    if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } declared)
                        Validate(member, declared, path.Member(name), errors);
                }

                break;
            case JsonArray array when schema.Items is { } items:
                for (var i = 0; i < array.Count; i++)
                    Validate(array[i], items, path.Index(i), errors);
                break;
        }
    }

    private static void ValidateEmbedded(JsonObject obj, FieldPath path, List<FieldError> errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind"])
        {
            if (obj[name] is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length == 0)
                errors.Add(new FieldError(FieldErrorType.Required, path.Member(name).ToString(), "must not be empty"));
        }

        if (obj.TryGetPropertyValue("metadata", out var metadata))
            ValueValidator.Validate(metadata, ObjectMetaSchema.ObjectMeta, path.Member("metadata"), errors);
    }
}
