using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>JSON Patch (RFC 6902).</summary>
public static class JsonPatch
{
    // Limit of a real API server; a longer patch is refused before anything is applied.
    private const int MaxOperations = 10_000;

    /// <summary>
    /// The patched document; <paramref name="target"/> is left alone. All operations apply, or none does.
    /// </summary>
    /// <exception cref="ApiStatusException">400: an operation is no object; 422: it is malformed or does not fit the document; 413: too many of them.</exception>
    public static JsonNode? Apply(JsonNode? target, JsonArray patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        if (patch.Count > MaxOperations)
            throw new ApiStatusException(
                413,
                "RequestEntityTooLarge",
                $"Request entity too large: The allowed maximum operations in a JSON patch is {MaxOperations}, got {patch.Count}");

        // All operations are read before the first is applied, so that a malformed one is reported whatever stands before it.
        var operations = patch.Select(JsonPatchOperation.Read).ToList();
        var document = new JsonPatchDocument(target?.DeepClone());
        foreach (var operation in operations)
            operation.ApplyTo(document);
        return document.Root;
    }
}
