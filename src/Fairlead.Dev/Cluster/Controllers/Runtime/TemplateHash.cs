using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>Short names for Pod templates: the same template has the same hash.</summary>
internal static class TemplateHash
{
    // No vowels and no digits that look like letters, so that hashes spell nothing.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(JsonNode? template, long collisions = 0)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes($"{template?.ToJsonString()}{(collisions > 0 ? collisions : "")}"))
            hash = (hash ^ b) * 16777619;
        return string.Concat(hash.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(c => Alphabet[c % Alphabet.Length]));
    }
}
