using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>What the schema of a type does to its objects on their way to the store.</summary>
internal static class ObjectSchema
{
    /// <summary>Prunes an object and fills in its defaults.</summary>
    /// <exception cref="ApiStatusException">
    /// 400 for unknown or repeated members under strict validation, and for values of a wrong type in a built-in type.
    /// </exception>
    public static void Prepare(ResourceDefinition definition, JsonObject obj, WriteContext context)
    {
        Prune(definition, obj, context);

        // Server-side apply of a custom resource owns what it names, so that its nulls cannot just go.
        SchemaDefaulter.Apply(obj, definition.Schema, keepNulls: definition.IsCustom && context.IsApply);

        // Built-in types are decoded into fixed structures: a value that does not fit is no object of the type at all.
        if (!definition.IsCustom && SchemaValidator.Validate(obj, null, definition.Schema).FirstOrDefault(IsType) is { } error)
            throw NotOfType(definition, $"{error.Field}: {error.Message()}");
    }

    /// <summary>Removes what the schema does not know and reports it as the request wants.</summary>
    public static void Prune(ResourceDefinition definition, JsonObject configuration, WriteContext context)
    {
        var unknown = SchemaPruner.Prune(configuration, definition.Schema);
        Report(definition, [.. context.Duplicates.Select(d => $"duplicate field \"{d}\""), .. unknown.Select(u => $"unknown field \"{u}\"")], context);
        context.Duplicates.Clear();
    }

    private static bool IsType(FieldError error) => error.Type == FieldErrorType.TypeInvalid;

    private static void Report(ResourceDefinition definition, IReadOnlyList<string> findings, WriteContext context)
    {
        if (findings.Count == 0)
            return;
        if (context.FieldValidation == FieldValidation.Strict)
            throw NotOfType(definition, $"strict decoding error: {string.Join(", ", findings)}");
        if (context.FieldValidation == FieldValidation.Warn)
            context.Warnings.AddRange(findings);
    }

    private static ApiStatusException NotOfType(ResourceDefinition definition, string why) =>
        ApiErrors.BadRequest($"{definition.Kind} in version \"{definition.Version}\" cannot be handled as a {definition.Kind}: {why}");
}
