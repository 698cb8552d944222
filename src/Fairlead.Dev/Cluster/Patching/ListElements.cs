using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>
/// Identity and order of list elements in a strategic merge: objects are identified by their merge key, others by value.
/// </summary>
internal sealed class ListElements(string? mergeKey)
{
    public bool Same(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(Identity(a), Identity(b));

    public int IndexOf(IList<JsonNode?> list, JsonNode? element)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (Same(list[i], element))
                return i;
        }

        return -1;
    }

    /// <summary>
    /// Orders <paramref name="merged"/>: elements named by <paramref name="wanted"/> keep that order among themselves, the
    /// others keep the order they have in <paramref name="original"/>. The two runs are interleaved by the original order; new
    /// elements follow the named one before them.
    /// </summary>
    public List<JsonNode?> Order(List<JsonNode?> merged, IList<JsonNode?> wanted, IList<JsonNode?> original)
    {
        var named = new Queue<JsonNode?>(merged.Where(e => IndexOf(wanted, e) >= 0).OrderBy(e => IndexOf(wanted, e)));
        var others = new Queue<JsonNode?>(merged.Where(e => IndexOf(wanted, e) < 0).OrderBy(e => IndexOf(original, e)));
        var ordered = new List<JsonNode?>(merged.Count);
        while (named.TryPeek(out var left))
        {
            if (!others.TryPeek(out var right))
                break;
            var leftIndex = IndexOf(original, left);
            var rightIndex = IndexOf(original, right);
            ordered.Add(leftIndex >= 0 && rightIndex >= 0 && rightIndex < leftIndex ? others.Dequeue() : named.Dequeue());
        }

        ordered.AddRange(named);
        ordered.AddRange(others);
        return ordered;
    }

    private JsonNode? Identity(JsonNode? element) => mergeKey is not null && element is JsonObject obj ? obj[mergeKey] : element;
}
