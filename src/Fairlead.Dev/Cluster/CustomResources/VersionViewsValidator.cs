using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Checks what a version offers besides its schema: columns, selectable fields, the scale subresource.</summary>
internal sealed class VersionViewsValidator(List<FieldError> errors)
{
    // Limit of apiextensions.k8s.io/v1.
    private const int MaxSelectableFields = 8;

    private const string ColumnTypes = "supported values: \"boolean\", \"date\", \"integer\", \"number\", \"string\"";

    public void Validate(CustomResourceVersion version, FieldPath path)
    {
        CheckColumns(version, path.Member("additionalPrinterColumns"));
        CheckSelectableFields(version, path.Member("selectableFields"));
        if (version.Scale is { } scale)
            CheckScale(scale, path.Member("subresources").Member("scale"));
    }

    private void CheckColumns(CustomResourceVersion version, FieldPath path)
    {
        foreach (var (i, column) in version.Columns.Index())
        {
            var place = path.Index(i);
            RequireText(column, "name", place);
            RequireText(column, "jsonPath", place);
            if (RequireText(column, "type", place) && Text(column, "type") is not ("boolean" or "date" or "integer" or "number" or "string"))
                Add(FieldErrorType.NotSupported, place.Member("type"), ColumnTypes, JsonText.Of(column["type"]));
        }
    }

    private void CheckSelectableFields(CustomResourceVersion version, FieldPath path)
    {
        var fields = version.SelectableFields.ToList();
        if (fields.Count > MaxSelectableFields)
            Add(FieldErrorType.TooMany, path, $"must have at most {MaxSelectableFields} items", $"{fields.Count}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, field) in fields.Index())
        {
            var place = path.Index(i).Member("jsonPath");
            if (!RequireText(field, "jsonPath", path.Index(i)))
                continue;
            var jsonPath = Text(field, "jsonPath")!;
            if (!seen.Add(jsonPath))
                Add(FieldErrorType.Duplicate, place, "", JsonText.Quote(jsonPath));
            if (!IsSelectable(version.Schema, jsonPath))
                Add(FieldErrorType.Invalid, place, "is an invalid path: must be a string, boolean or integer field outside metadata", JsonText.Quote(jsonPath));
        }
    }

    private static bool IsSelectable(JsonObject? schema, string jsonPath)
    {
        if (!RuleFieldPath.TryParse(jsonPath, out var names) || names[0] is "metadata" or "apiVersion" or "kind")
            return false;
        var node = names.Aggregate(schema, (current, name) => (current?["properties"] as JsonObject)?[name] as JsonObject);
        return node is not null && Text(node, "type") is "string" or "boolean" or "integer";
    }

    private void CheckScale(JsonObject scale, FieldPath path)
    {
        CheckScalePath(scale, "specReplicasPath", ".spec", path, isRequired: true);
        CheckScalePath(scale, "statusReplicasPath", ".status", path, isRequired: true);
        CheckScalePath(scale, "labelSelectorPath", null, path, isRequired: false);
    }

    private void CheckScalePath(JsonObject scale, string member, string? root, FieldPath path, bool isRequired)
    {
        var text = Text(scale, member) ?? "";
        var place = path.Member(member);
        if (text.Length == 0)
        {
            if (isRequired)
                Add(FieldErrorType.Required, place, "");
            return;
        }

        if (!RuleFieldPath.TryParse(text, out _) || text.Contains('[', StringComparison.Ordinal))
            Add(FieldErrorType.Invalid, place, "should be a simple json path without brackets", JsonText.Quote(text));
        else if (!IsBelow(text, root))
            Add(FieldErrorType.Invalid, place, root is null ? "should be a json path under either .status or .spec" : $"should be a json path under {root}", JsonText.Quote(text));
    }

    private static bool IsBelow(string path, string? root) => root is null
        ? IsBelow(path, ".spec") || IsBelow(path, ".status")
        : path.StartsWith(root + ".", StringComparison.Ordinal);

    private bool RequireText(JsonObject obj, string member, FieldPath path)
    {
        if (Text(obj, member) is { Length: > 0 })
            return true;
        Add(FieldErrorType.Required, path.Member(member), "");
        return false;
    }

    private void Add(FieldErrorType type, FieldPath path, string detail, string? value = null) =>
        errors.Add(new FieldError(type, path.ToString(), detail, value));
}
