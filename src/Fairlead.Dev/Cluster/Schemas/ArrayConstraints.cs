using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

internal static class ArrayConstraints
{
    public static void Check(JsonArray array, JsonNode? old, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (schema.Items is { } items)
        {
            for (var i = 0; i < array.Count; i++)
            {
                _ = Correlation.TryFind(array[i], old, schema, out var previous);
                ValueValidator.Validate(array[i], previous, items, path.Index(i), errors);
            }
        }

        var count = array.Count.ToString(CultureInfo.InvariantCulture);
        if (schema.MinItems is { } min && array.Count < min)
            errors.Add(new FieldError(FieldErrorType.Invalid, path.ToString(), $"{path.InBody()} should have at least {min} items", count));
        if (schema.MaxItems is { } max && array.Count > max)
            errors.Add(new FieldError(FieldErrorType.TooMany, path.ToString(), $"must have at most {max} item{(max == 1 ? "" : "s")}", count));
        if (schema.UniqueItems && HasDuplicates(array))
            errors.Add(new FieldError(FieldErrorType.Invalid, path.ToString(), $"{path.InBody()} shouldn't contain duplicates", "\"\""));
    }

    private static bool HasDuplicates(JsonArray array)
    {
        for (var i = 1; i < array.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonNode.DeepEquals(array[i], array[j]))
                    return true;
            }
        }

        return false;
    }
}
