using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Rules for <c>metadata</c> that hold for objects of every type.</summary>
internal static class MetadataValidation
{
    // Limit of the API server on the sum of all keys and values of annotations.
    private const int MaxAnnotationsSize = 256 * 1024;

    public static IEnumerable<FieldError> Validate(ResourceDefinition definition, JsonObject metadata)
    {
        var name = (string)metadata["name"]!;
        if (NameSyntax.NameError(definition.NameRule, name) is { } nameError)
            yield return new FieldError(FieldErrorType.Invalid, "metadata.name", nameError, Quote(name));
        foreach (var error in Labels(metadata["labels"] as JsonObject))
            yield return error;
        foreach (var error in Annotations(metadata["annotations"] as JsonObject))
            yield return error;
        foreach (var error in Finalizers(definition, metadata["finalizers"] as JsonArray))
            yield return error;
        foreach (var error in OwnerReferences(metadata["ownerReferences"] as JsonArray))
            yield return error;
    }

    public static IEnumerable<FieldError> ValidateUpdate(JsonObject metadata, JsonObject old)
    {
        if (old["deletionTimestamp"] is null)
            yield break;
        var before = old["finalizers"] as JsonArray ?? [];
        var added = (metadata["finalizers"] as JsonArray ?? [])
            .Where(f => !before.Any(b => JsonNode.DeepEquals(b, f)))
            .Select(f => f?.ToJsonString())
            .ToArray();
        if (added.Length > 0)
            yield return new FieldError(FieldErrorType.Forbidden, "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{" +
                string.Join(", ", added) + "}");
    }

    /// <summary>The metadata's shape: what must hold before anything else may look into it.</summary>
    public static IEnumerable<FieldError> ValidateShape(JsonObject metadata)
    {
        foreach (var member in (ReadOnlySpan<string>)["name", "generateName", "namespace", "uid", "resourceVersion"])
        {
            if (metadata[member] is { } value && value.GetValueKind() != JsonValueKind.String)
                return [new FieldError(FieldErrorType.TypeInvalid, $"metadata.{member}", "must be a string", value.ToJsonString())];
        }

        foreach (var member in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            if (metadata[member] is { } map && !IsStringMap(map))
                return [new FieldError(FieldErrorType.TypeInvalid, $"metadata.{member}", "must be a map of strings")];
        }

        if (metadata["finalizers"] is { } finalizers && !IsStringList(finalizers))
            return [new FieldError(FieldErrorType.TypeInvalid, "metadata.finalizers", "must be a list of strings")];
        return metadata["ownerReferences"] is { } owners && (owners is not JsonArray list || list.Any(o => o is not JsonObject))
            ? [new FieldError(FieldErrorType.TypeInvalid, "metadata.ownerReferences", "must be a list of objects")]
            : [];
    }

    private static bool IsStringMap(JsonNode node) =>
        node is JsonObject o && o.All(p => p.Value?.GetValueKind() == JsonValueKind.String);

    private static bool IsStringList(JsonNode node) =>
        node is JsonArray a && a.All(v => v?.GetValueKind() == JsonValueKind.String);

    private static IEnumerable<FieldError> Labels(JsonObject? labels)
    {
        foreach (var (key, value) in labels ?? [])
        {
            if (NameSyntax.QualifiedNameError(key) is { } keyError)
                yield return new FieldError(FieldErrorType.Invalid, "metadata.labels", keyError, Quote(key));
            if (NameSyntax.LabelValueError((string)value!) is { } valueError)
                yield return new FieldError(FieldErrorType.Invalid, "metadata.labels", valueError, Quote((string)value!));
        }
    }

    private static IEnumerable<FieldError> Annotations(JsonObject? annotations)
    {
        var size = 0L;
        foreach (var (key, value) in annotations ?? [])
        {
            // Keys are compared without case: the part before the slash may be written in upper case here.
            if (NameSyntax.QualifiedNameError(key.ToLowerInvariant()) is { } keyError)
                yield return new FieldError(FieldErrorType.Invalid, "metadata.annotations", keyError, Quote(key));
            size += key.Length + ((string)value!).Length;
        }

        if (size > MaxAnnotationsSize)
            yield return new FieldError(FieldErrorType.TooLong, "metadata.annotations", $"may not be more than {MaxAnnotationsSize} bytes");
    }

    private static IEnumerable<FieldError> Finalizers(ResourceDefinition definition, JsonArray? finalizers)
    {
        // Custom resources and their definitions (whose own finalizer has no domain) are spared this rule on a real server too.
        var isBuiltIn = !definition.IsCustom && definition.Group != "apiextensions.k8s.io";
        for (var i = 0; i < (finalizers?.Count ?? 0); i++)
        {
            var name = (string)finalizers![i]!;
            if (NameSyntax.QualifiedNameError(name) is { } error)
                yield return new FieldError(FieldErrorType.Invalid, "metadata.finalizers", error, Quote(name));
            else if (isBuiltIn && !name.Contains('/') && name is not ("orphan" or "foregroundDeletion" or "kubernetes"))
                yield return new FieldError(FieldErrorType.Invalid, $"metadata.finalizers[{i}]",
                    "name is neither a standard finalizer name nor is it fully qualified", Quote(name));
        }

        if (finalizers is not null && Has(finalizers, "orphan") && Has(finalizers, "foregroundDeletion"))
            yield return new FieldError(FieldErrorType.Invalid, "metadata.finalizers",
                "finalizer orphan and foregroundDeletion cannot be both set", finalizers.ToJsonString());
    }

    private static IEnumerable<FieldError> OwnerReferences(JsonArray? owners)
    {
        var controllers = 0;
        for (var i = 0; i < (owners?.Count ?? 0); i++)
        {
            var owner = owners![i]!.AsObject();
            foreach (var member in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (owner[member]?.ToString() is "")
                    yield return new FieldError(FieldErrorType.Invalid, $"metadata.ownerReferences.{member}", "must not be empty", "\"\"");
            }

            if (owner["controller"]?.GetValueKind() == JsonValueKind.True && ++controllers == 2)
                yield return new FieldError(FieldErrorType.Invalid, "metadata.ownerReferences",
                    "Only one reference can have Controller set to true", owners.ToJsonString());
        }
    }

    private static bool Has(JsonArray list, string value) => list.Any(v => (string?)v == value);

    private static string Quote(string text) => JsonValue.Create(text).ToJsonString();
}
