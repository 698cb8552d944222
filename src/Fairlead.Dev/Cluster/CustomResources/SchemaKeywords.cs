using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>The words of a custom resource's schema: which exist, of which type, which are forbidden.</summary>
internal static class SchemaKeywords
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["$schema"] = "string",
        ["id"] = "string",
        ["description"] = "string",
        ["type"] = "string",
        ["format"] = "string",
        ["title"] = "string",
        ["default"] = "any",
        ["maximum"] = "number",
        ["exclusiveMaximum"] = "boolean",
        ["minimum"] = "number",
        ["exclusiveMinimum"] = "boolean",
        ["maxLength"] = "integer",
        ["minLength"] = "integer",
        ["pattern"] = "string",
        ["maxItems"] = "integer",
        ["minItems"] = "integer",
        ["uniqueItems"] = "boolean",
        ["multipleOf"] = "number",
        ["enum"] = "array",
        ["maxProperties"] = "integer",
        ["minProperties"] = "integer",
        ["required"] = "array",
        ["items"] = "object",
        ["allOf"] = "array",
        ["oneOf"] = "array",
        ["anyOf"] = "array",
        ["not"] = "object",
        ["properties"] = "object",
        ["additionalProperties"] = "any",
        ["externalDocs"] = "object",
        ["example"] = "any",
        ["nullable"] = "boolean",
        ["x-kubernetes-preserve-unknown-fields"] = "boolean",
        ["x-kubernetes-embedded-resource"] = "boolean",
        ["x-kubernetes-int-or-string"] = "boolean",
        ["x-kubernetes-list-map-keys"] = "array",
        ["x-kubernetes-list-type"] = "string",
        ["x-kubernetes-map-type"] = "string",
        ["x-kubernetes-validations"] = "array",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Words of JSON schema that the API refuses in a structural schema.
    private static readonly FrozenSet<string> Forbidden = FrozenSet.ToFrozenSet(
        ["$ref", "definitions", "dependencies", "patternProperties", "additionalItems"], StringComparer.Ordinal);

    public static void Check(JsonObject schema, FieldPath path, List<FieldError> errors)
    {
        foreach (var (name, value) in schema)
        {
            var place = path.Member(name).ToString();
            if (Forbidden.Contains(name))
                errors.Add(new FieldError(FieldErrorType.Forbidden, place, $"{name} is not supported"));
            else if (!Types.TryGetValue(name, out var expected))
                errors.Add(new FieldError(FieldErrorType.Forbidden, place, "unknown field"));
            else if (!Fits(expected, value))
                errors.Add(new FieldError(FieldErrorType.TypeInvalid, place, $"must be of type {expected}", JsonText.Of(value)));
        }
    }

    private static bool Fits(string expected, JsonNode? value)
    {
        if (expected == "any")
            return true;
        var actual = TypeConstraint.NameOf(value);
        return actual == expected || (expected == "number" && actual == "integer");
    }
}
