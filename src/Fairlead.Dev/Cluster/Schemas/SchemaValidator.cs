using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Checks an object against its schema.</summary>
public static class SchemaValidator
{
    private const string RulesNotChecked =
        "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

    /// <summary>
    /// All violations of <paramref name="value"/>, with the causes an API server reports; none when it is valid. On an update,
    /// parts that did not change are not held against the object: what was stored may stay.
    /// </summary>
    /// <param name="old">The stored object on an update; null on create.</param>
    public static ImmutableArray<FieldError> Validate(JsonNode? value, JsonNode? old, SchemaNode schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var errors = new List<FieldError>();
        ValueValidator.Validate(value, old, schema, FieldPath.Root, errors);
        ListUniqueness.Validate(value, schema, FieldPath.Root, errors);
        EmbeddedResources.Validate(value, schema, FieldPath.Root, errors);
        if (!CompiledRules.AnyIn(schema))
            return [.. errors];

        // Rules rely on types and sizes; without them they would fail for the wrong reason, or cost too much.
        if (errors.Any(error => BlocksRules(error.Type)))
            errors.Add(new FieldError(FieldErrorType.Invalid, FieldPath.Root.ToString(), RulesNotChecked, "null"));
        else
            new RuleValidator(errors).Validate(value, old, old is not null, schema, FieldPath.Root);
        return [.. errors];
    }

    private static bool BlocksRules(FieldErrorType type) => type is
        FieldErrorType.Required or FieldErrorType.TypeInvalid or FieldErrorType.NotSupported or FieldErrorType.TooLong
        or FieldErrorType.TooMany;
}
