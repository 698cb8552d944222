using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Checks that a request's object is of the type and in the namespace that the request's path names.</summary>
internal static class ObjectShape
{
    /// <summary>Fills in what the path implies and returns the metadata.</summary>
    /// <exception cref="ApiStatusException">400 where body and path disagree, 422 where metadata has the wrong shape.</exception>
    public static JsonObject Normalize(ResourceDefinition definition, string? ns, JsonObject obj)
    {
        Expect(definition, obj, "apiVersion", definition.ApiVersion);
        Expect(definition, obj, "kind", definition.Kind);
        var metadata = obj["metadata"] switch
        {
            JsonObject m => m,
            null => [],
            _ => throw ApiErrors.BadRequest($"{definition.Kind} in version \"{definition.Version}\" cannot be handled as a " +
                                            $"{definition.Kind}: metadata must be an object"),
        };
        obj["metadata"] ??= metadata;
        var shapeErrors = MetadataValidation.ValidateShape(metadata).ToArray();
        if (shapeErrors.Length > 0)
            throw ApiErrors.BadRequest($"{definition.Kind} in version \"{definition.Version}\" cannot be handled as a {definition.Kind}: " +
                                       $"{shapeErrors[0].Field} {shapeErrors[0].Detail}");
        SetNamespace(definition, ns, metadata);
        metadata.Remove("selfLink");
        return metadata;
    }

    private static void Expect(ResourceDefinition definition, JsonObject obj, string member, string wanted)
    {
        var given = obj[member]?.ToString();
        if (string.IsNullOrEmpty(given))
        {
            // Built-in types are decoded by path; custom ones must say what they are.
            if (definition.IsCustom)
                throw ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {definition.Kind}): {member} is missing");
            obj[member] = wanted;
        }
        else if (given != wanted)
            throw ApiErrors.BadRequest(
                $"{member} in the body is \"{given}\", the request's path expects \"{wanted}\": the {member} in the data does not match " +
                $"the expected {member} ({wanted})");
    }

    private static void SetNamespace(ResourceDefinition definition, string? ns, JsonObject metadata)
    {
        var given = (string?)metadata["namespace"];
        if (!definition.Namespaced)
        {
            if (!string.IsNullOrEmpty(given))
                throw ApiErrors.BadRequest("namespace may not be set on a cluster-scoped object");
            metadata.Remove("namespace");
        }
        else if (string.IsNullOrEmpty(given))
        {
            metadata["namespace"] = ns;
        }
        else if (given != ns)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}
