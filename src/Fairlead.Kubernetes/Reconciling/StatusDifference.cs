using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Drift;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>The merge patch that turns one status into another.</summary>
internal static class StatusDifference
{
    /// <summary>
    /// The members to send; null when nothing differs. What the server filled into list elements, such as <c>ipMode</c>, is no
    /// difference; an absent member equals an empty one.
    /// </summary>
    public static JsonObject? Between(JsonElement observed, JsonElement wanted)
    {
        var patch = new JsonObject();
        foreach (var member in wanted.EnumerateObject())
        {
            if (!observed.TryGetProperty(member.Name, out var old))
            {
                if (!IsEmpty(member.Value))
                {
                    patch[member.Name] = Copy(member.Value);
                }
            }
            else if (old.ValueKind == JsonValueKind.Object && member.Value.ValueKind == JsonValueKind.Object)
            {
                if (Between(old, member.Value) is { } inner)
                {
                    patch[member.Name] = inner;
                }
            }
            else if (!Equal(old, member.Value))
            {
                patch[member.Name] = Copy(member.Value);
            }
        }

        foreach (var member in observed.EnumerateObject())
        {
            if (!wanted.TryGetProperty(member.Name, out _) && !IsEmpty(member.Value))
            {
                patch[member.Name] = null;
            }
        }

        return patch.Count == 0 ? null : patch;
    }

    private static bool Equal(JsonElement observed, JsonElement wanted)
    {
        if (observed.ValueKind != wanted.ValueKind || wanted.ValueKind != JsonValueKind.Array)
        {
            return JsonElement.DeepEquals(observed, wanted);
        }

        return observed.GetArrayLength() == wanted.GetArrayLength()
            && observed.EnumerateArray().Zip(wanted.EnumerateArray()).All(pair =>
                pair.First.ValueKind == JsonValueKind.Object && pair.Second.ValueKind == JsonValueKind.Object
                    ? !DriftDetector.Compare(pair.Second, pair.First, [], static _ => false).Different
                    : JsonElement.DeepEquals(pair.First, pair.Second));
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => value.ValueKind == JsonValueKind.Null,
    };

    private static JsonNode? Copy(JsonElement value) => JsonNode.Parse(value.GetRawText());
}
