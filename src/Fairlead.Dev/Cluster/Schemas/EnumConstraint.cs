using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

internal static class EnumConstraint
{
    public static void Check(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (schema.Enum.IsEmpty || schema.Enum.Any(allowed => JsonNode.DeepEquals(allowed, value)))
            return;
        var supported = schema.Enum.Select(allowed => JsonText.Quote(Plain(allowed)));
        errors.Add(new FieldError(
            FieldErrorType.NotSupported, path.ToString(), $"supported values: {string.Join(", ", supported)}", JsonText.Of(value)));
    }

    private static string Plain(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : JsonText.Of(value);
}
