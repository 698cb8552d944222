using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

internal static class TypeConstraint
{
    /// <summary>False, with the violation added, when the value has another type than the schema asks for.</summary>
    public static bool Check(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (schema.Type is null && !schema.IntOrString)
            return true;
        var actual = NameOf(value);
        var ok = schema.IntOrString ? actual is "integer" or "string" || IsDecimalQuantity(schema, actual) : Fits(schema.Type!, actual);
        if (ok)
            return true;
        var expected = schema.IntOrString ? "integer,string" : schema.Type;

        // A fraction where a sized integer is wanted is reported in terms of the format.
        if (actual == "number" && schema is { Type: "integer", Format: "int32" or "int64" })
            (expected, actual) = (schema.Format, "float64");
        errors.Add(new FieldError(
            FieldErrorType.TypeInvalid,
            path.ToString(),
            $"{path.InBody()} must be of type {expected}: \"{actual}\"",
            JsonText.Quote(actual)));
        return false;
    }

    /// <summary>JSON-schema name of a value's type; a number without fraction is an <c>integer</c>.</summary>
    public static string NameOf(JsonNode? value)
    {
        if (value is null)
            return "null";
        return value.GetValueKind() switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => JsonNumber.TryRead(value, out var number) && number.Whole is not null ? "integer" : "number",
            JsonValueKind.Null => "null",
            _ => "boolean",
        };
    }

    private static bool Fits(string expected, string actual) => expected == actual || (expected == "number" && actual == "integer");

    // Quantities are written as text or as any number; an API server accepts both.
    private static bool IsDecimalQuantity(SchemaNode schema, string actual) => schema.Format == "quantity" && actual == "number";
}
