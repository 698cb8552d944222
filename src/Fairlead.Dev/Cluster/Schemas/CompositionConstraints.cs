using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary><c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>, <c>not</c>.</summary>
internal static class CompositionConstraints
{
    public static void Check(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (!schema.AnyOf.IsEmpty)
            CheckAny(value, schema, path, errors);
        if (!schema.OneOf.IsEmpty)
            CheckOne(value, schema, path, errors);
        if (!schema.AllOf.IsEmpty)
            CheckAll(value, schema, path, errors);
        if (schema.Not is { } not && ValueValidator.IsValid(value, not))
            Fail(path, errors, "must not validate the schema (not)");
    }

    private static void CheckAny(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (schema.AnyOf.Any(branch => ValueValidator.IsValid(value, branch)))
            return;
        Fail(path, errors, "must validate at least one schema (anyOf)");
        AddClosest(value, schema.AnyOf, path, errors);
    }

    private static void CheckOne(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        var matches = schema.OneOf.Count(branch => ValueValidator.IsValid(value, branch));
        if (matches == 1)
            return;
        var found = matches == 0 ? "Found none valid" : $"Found {matches} valid alternatives";
        Fail(path, errors, $"must validate one and only one schema (oneOf). {found}");
        if (matches == 0)
            AddClosest(value, schema.OneOf, path, errors);
    }

    private static void CheckAll(JsonNode? value, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        var failed = 0;
        foreach (var branch in schema.AllOf)
        {
            var before = errors.Count;
            ValueValidator.Validate(value, branch, path, errors);
            failed += errors.Count > before ? 1 : 0;
        }

        if (failed > 0)
            Fail(path, errors, "must validate all the schemas (allOf)" + (failed == schema.AllOf.Length ? ". None validated" : ""));
    }

    /// <summary>The violations of the branch that came closest say what to change.</summary>
    private static void AddClosest(JsonNode? value, IEnumerable<SchemaNode> branches, FieldPath path, List<FieldError> errors)
    {
        List<FieldError>? closest = null;
        foreach (var branch in branches)
        {
            var found = new List<FieldError>();
            ValueValidator.Validate(value, branch, path, found);
            if (closest is null || found.Count < closest.Count)
                closest = found;
        }

        errors.AddRange(closest ?? []);
    }

    private static void Fail(FieldPath path, List<FieldError> errors, string rule) =>
        errors.Add(new FieldError(
            FieldErrorType.Invalid, FieldPath.Root.ToString(), $"\"{(path.IsRoot ? "" : path.ToString())}\" {rule}", "\"\""));
}
