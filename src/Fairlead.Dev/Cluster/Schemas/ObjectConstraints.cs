using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

internal static class ObjectConstraints
{
    public static void Check(JsonObject obj, JsonObject? old, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        foreach (var required in schema.Required)
        {
            if (!obj.ContainsKey(required))
                errors.Add(new FieldError(FieldErrorType.Required, path.Member(required).ToString(), ""));
        }

        foreach (var (name, value) in obj)
        {
            if (schema.Properties.TryGetValue(name, out var declared))
                ValueValidator.Validate(value, old?[name], declared, path.Member(name), errors);
            else if (schema.AdditionalProperties is { } additional)
                ValueValidator.Validate(value, old?[name], additional, path.Member(name), errors);
        }

        var count = obj.Count.ToString(CultureInfo.InvariantCulture);
        if (schema.MinProperties is { } min && obj.Count < min)
            errors.Add(new FieldError(FieldErrorType.Invalid, path.ToString(), $"{path.InBody()} should have at least {min} properties", count));
        if (schema.MaxProperties is { } max && obj.Count > max)
            errors.Add(new FieldError(FieldErrorType.TooMany, path.ToString(), $"must have at most {max} item{(max == 1 ? "" : "s")}", count));
    }
}
