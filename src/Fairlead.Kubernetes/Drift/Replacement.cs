using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Kubernetes.Drift;

/// <summary>
/// A merge patch that brings the desired fields and takes out the surplus ones in one write. Two writes would show the server, and what
/// watches, an object that is neither the old one nor the desired: one that may be invalid, or that makes Pods to throw away.
/// </summary>
internal static class Replacement
{
    /// <summary>The patch; null where it would replace a list that others may write to as well.</summary>
    public static JsonObject? Of(JsonElement wanted, ImmutableArray<SurplusField> surplus, ImmutableArray<string> exclusivePaths)
    {
        if (HasSharedLists(wanted, "", exclusivePaths))
        {
            return null;
        }

        var patch = JsonObject.Create(wanted)!;

        // What is in lists goes with the old list, which a merge patch replaces as a whole.
        foreach (var field in surplus.Where(field => field.Desired is null && field.Pattern == field.Pointer))
        {
            Remove(patch, field.Pointer.Split('/')[1..]);
        }

        return patch;
    }

    private static void Remove(JsonObject patch, string[] path)
    {
        var at = patch;
        foreach (var name in path[..^1])
        {
            at = at[Unescape(name)] as JsonObject ?? (JsonObject)(at[Unescape(name)] = new JsonObject());
        }

        at[Unescape(path[^1])] = null;
    }

    private static bool HasSharedLists(JsonElement value, string pointer, ImmutableArray<string> exclusivePaths) =>
        !exclusivePaths.Contains(pointer) && value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Any(member => HasSharedLists(member.Value, $"{pointer}/{member.Name}", exclusivePaths)),
            JsonValueKind.Array => true,
            _ => false,
        };

    // RFC 6901.
    private static string Unescape(string name) =>
        name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
