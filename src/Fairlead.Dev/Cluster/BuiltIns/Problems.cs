using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>Collects the violations of one object.</summary>
internal sealed class Problems
{
    private readonly List<FieldError> _found = [];

    public IReadOnlyList<FieldError> Found => _found;

    public void Required(string field, string detail = "") => _found.Add(new FieldError(FieldErrorType.Required, field, detail));

    /// <summary>An empty text where one is needed; an absent one is the schema's to report.</summary>
    public void RequiredText(JsonObject? node, string path, string name, string detail = "")
    {
        if (node.Text(name) is "")
            Required($"{path}.{name}", detail);
    }

    public void Invalid(string field, JsonNode? value, string detail) =>
        _found.Add(new FieldError(FieldErrorType.Invalid, field, detail, JsonText.Of(value)));

    public void Forbidden(string field, string detail) => _found.Add(new FieldError(FieldErrorType.Forbidden, field, detail));

    public void Duplicate(string field, JsonNode? value) => _found.Add(new FieldError(FieldErrorType.Duplicate, field, "", JsonText.Of(value)));

    public void NotFound(string field, JsonNode? value) => _found.Add(new FieldError(FieldErrorType.NotFound, field, "", JsonText.Of(value)));

    public void TooLong(string field, string detail) => _found.Add(new FieldError(FieldErrorType.TooLong, field, detail));

    public void NotSupported(string field, JsonNode? value, params IEnumerable<string> supported) => _found.Add(new FieldError(
        FieldErrorType.NotSupported, field, $"supported values: {string.Join(", ", supported.Order(StringComparer.Ordinal).Select(s => $"\"{s}\""))}", JsonText.Of(value)));

    /// <summary>Reports <paramref name="fault"/> when there is one.</summary>
    public void Check(string field, JsonNode? value, string? fault)
    {
        if (fault is not null)
            Invalid(field, value, fault);
    }

    /// <summary>Reports a member that differs from the stored one.</summary>
    public void Immutable(string field, JsonNode? now, JsonNode? before, string detail = "field is immutable")
    {
        if (!JsonNode.DeepEquals(now, before))
            Invalid(field, now, detail);
    }
}
