using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Finds the stored counterpart of a list element: only elements of list maps have one.</summary>
internal static class Correlation
{
    public static bool TryFind(JsonNode? element, JsonNode? oldList, SchemaNode listSchema, out JsonNode? counterpart)
    {
        counterpart = null;
        if (listSchema.ListType != ListType.Map || element is not JsonObject obj || oldList is not JsonArray list)
            return false;
        counterpart = list.FirstOrDefault(candidate =>
            candidate is JsonObject other && listSchema.ListMapKeys.All(key => JsonNode.DeepEquals(other[key], obj[key])));
        return counterpart is not null;
    }
}
