using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>The two ways a patch fails: it cannot be read (400), or it does not fit the object (422).</summary>
internal static class PatchFailure
{
    private const string Rejected = "the server rejected our request due to an error in our request";

    public static ApiStatusException Malformed(string detail) => new(400, "BadRequest", detail);

    public static ApiStatusException Inapplicable(string detail) => new(422, "Invalid", $"{Rejected}: {detail}");

    /// <summary>How a value is called in messages.</summary>
    public static string Describe(JsonNode? node) => node is null
        ? "null"
        : node.GetValueKind() switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            _ => "a boolean",
        };
}
