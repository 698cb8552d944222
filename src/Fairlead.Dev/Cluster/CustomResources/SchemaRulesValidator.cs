using System.Collections.Immutable;
using Fairlead.Dev.Cel;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>CEL rules must compile against the place they stand at, and transition rules must have a place in the stored object.</summary>
internal sealed class SchemaRulesValidator(List<FieldError> errors)
{
    private static readonly ImmutableArray<string> Reasons =
        ["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"];

    /// <param name="correlatable">False below lists whose elements have no stored counterpart.</param>
    public void Validate(SchemaNode schema, FieldPath path, bool isRoot = false, bool correlatable = true)
    {
        for (var i = 0; i < schema.Validations.Length; i++)
            Check(schema.Validations[i], schema, path.Member("x-kubernetes-validations").Index(i), isRoot || schema.EmbeddedResource, correlatable);
        foreach (var (name, member) in schema.Properties)
            Validate(member, path.Member("properties").Key(name), false, correlatable);
        if (schema.AdditionalProperties is { } values)
            Validate(values, path.Member("additionalProperties"), false, correlatable);
        if (schema.Items is { } items)
            Validate(items, path.Member("items"), false, correlatable && schema.ListType == ListType.Map);
    }

    private void Check(ValidationRule rule, SchemaNode schema, FieldPath path, bool isResource, bool correlatable)
    {
        if (string.IsNullOrWhiteSpace(rule.Rule))
        {
            Add(FieldErrorType.Required, path.Member("rule"), "rule is not specified");
            return;
        }

        if (rule.Message is { } message && message.Contains('\n', StringComparison.Ordinal))
            Add(FieldErrorType.Invalid, path.Member("message"), "message must not contain line breaks", JsonText.Quote(message));
        if (rule.Message is not null && string.IsNullOrWhiteSpace(rule.Message))
            Add(FieldErrorType.Invalid, path.Member("message"), "message must be non-empty if specified", JsonText.Quote(rule.Message));
        if (rule.Rule.Contains('\n', StringComparison.Ordinal) && string.IsNullOrEmpty(rule.Message))
            Add(FieldErrorType.Required, path.Member("message"), "message must be specified if rule contains line breaks");
        if (rule.Reason is { } reason && !Reasons.Contains(reason))
            Add(FieldErrorType.NotSupported, path.Member("reason"), $"supported values: {string.Join(", ", Reasons.Select(JsonText.Quote))}", JsonText.Quote(reason));
        if (rule.FieldPath is { } fieldPath && !Exists(schema, fieldPath))
            Add(FieldErrorType.Invalid, path.Member("fieldPath"), "fieldPath must be a valid path to a field of the schema", JsonText.Quote(fieldPath));
        Compile(rule, schema, path, isResource, correlatable);
    }

    private void Compile(ValidationRule rule, SchemaNode schema, FieldPath path, bool isResource, bool correlatable)
    {
        var text = JsonText.Quote(rule.Rule);
        try
        {
            var compiled = CompiledRule.Compile(rule, schema, isResource);
            if (compiled.UsesOldSelf && !correlatable)
                Add(FieldErrorType.Invalid, path.Member("rule"), "oldSelf cannot be used on the uncorrelatable portion of the schema within an atomic or set list", text);
            if (rule.OptionalOldSelf && !compiled.UsesOldSelf)
                Add(FieldErrorType.Invalid, path.Member("optionalOldSelf"), "may not be set if oldSelf is not used in rule", "true");
        }
        catch (CelCompileException e)
        {
            Add(FieldErrorType.Invalid, path.Member("rule"), $"compilation failed: {e.Message}", text);
        }
    }

    private static bool Exists(SchemaNode schema, string fieldPath)
    {
        if (!RuleFieldPath.TryParse(fieldPath, out var names))
            return false;
        var node = schema;
        foreach (var name in names)
        {
            if ((node.Properties.GetValueOrDefault(name) ?? node.AdditionalProperties) is not { } member)
                return false;
            node = member;
        }

        return true;
    }

    private void Add(FieldErrorType type, FieldPath path, string detail, string? value = null) =>
        errors.Add(new FieldError(type, path.ToString(), detail, value));
}
