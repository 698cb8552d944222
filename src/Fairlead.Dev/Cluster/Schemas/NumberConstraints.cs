using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

internal static class NumberConstraints
{
    public static void Check(JsonValue value, JsonNumber number, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        var text = JsonText.Of(value);
        if (!FitsFormat(number, schema))
        {
            errors.Add(new FieldError(
                FieldErrorType.Invalid,
                FieldPath.Root.ToString(),
                $"Checked value must be of type integer with format {schema.Format ?? "int64"} in {path}",
                "\"\""));
        }

        if (schema.Maximum is { } max && (schema.ExclusiveMaximum ? number.Value >= max : number.Value > max))
            Add($"less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{Plain(max)}");
        if (schema.Minimum is { } min && (schema.ExclusiveMinimum ? number.Value <= min : number.Value < min))
            Add($"greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{Plain(min)}");
        if (schema.MultipleOf is { } factor && !IsMultiple(number.Value, factor))
            Add($"a multiple of {Plain(factor)}");

        void Add(string bound) =>
            errors.Add(new FieldError(FieldErrorType.Invalid, path.ToString(), $"{path.InBody()} should be {bound}", text));
    }

    // Whole numbers have 64 bits at most, whatever the schema says.
    private static bool FitsFormat(JsonNumber number, SchemaNode schema) => number.Whole is not { } whole || schema.Format switch
    {
        "int32" => whole >= int.MinValue && whole <= int.MaxValue,
        _ when schema.Type == "integer" => whole >= long.MinValue && whole <= long.MaxValue,
        _ => true,
    };

    private static bool IsMultiple(double value, double factor)
    {
        var quotient = value / factor;
        return Math.Truncate(quotient) == quotient;
    }

    private static string Plain(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
