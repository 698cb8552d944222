using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Says what a server would refuse in a new object, without a server.</summary>
public static class ManifestValidator
{
    /// <summary>
    /// Violations of <paramref name="manifest"/>, which stays as it is: unknown fields, as under strict field validation, and
    /// whatever schema and strategy of its type find.
    /// </summary>
    public static ImmutableArray<FieldError> Validate(ResourceDefinition definition, JsonObject manifest)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(manifest);
        var obj = manifest.DeepClone().AsObject();
        var unknown = SchemaPruner.Prune(obj, definition.Schema);
        if (unknown.Length > 0)
            return [.. unknown.Select(field => new FieldError(FieldErrorType.Invalid, field, "unknown field; correct its name or its place, or remove it"))];

        SchemaDefaulter.Apply(obj, definition.Schema);

        // Strategies rely on the types that the schema gives, and the schema on the forms that strategies bring about.
        ImmutableArray<FieldError> ofType =
            [.. SchemaValidator.Validate(obj, null, definition.Schema).Where(error => error.Type == FieldErrorType.TypeInvalid)];
        if (ofType.Length > 0 || obj["metadata"] is not JsonObject metadata)
            return ofType;

        definition.Strategy.PrepareForCreate(obj);
        return
        [
            .. MetadataValidation.Validate(definition, metadata), .. SchemaValidator.Validate(obj, null, definition.Schema),
            .. definition.Strategy.Validate(obj, null),
        ];
    }
}
