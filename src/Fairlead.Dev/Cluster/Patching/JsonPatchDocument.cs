using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>The document a JSON patch works on.</summary>
internal sealed class JsonPatchDocument(JsonNode? root)
{
    public JsonNode? Root { get; private set; } = root;

    public JsonNode? Get(JsonPointer pointer, string operation)
    {
        var node = Root;
        for (var depth = 0; depth < pointer.Tokens.Length; depth++)
            node = Child(node, pointer, depth, operation);
        return node;
    }

    /// <summary>Inserts into an array (<c>-</c> appends) or sets a member.</summary>
    public void Add(JsonPointer pointer, JsonNode? value, string operation)
    {
        if (pointer.Tokens.IsEmpty)
        {
            Root = value;
            return;
        }

        var last = pointer.Tokens[^1];
        switch (Parent(pointer, operation))
        {
            case JsonObject obj:
                obj[last] = value;
                break;
            case JsonArray array when last == "-":
                array.Add(value);
                break;
            case JsonArray array:
                array.Insert(Index(last, array.Count, pointer, operation), value);
                break;
            case var other:
                throw NoContainer(pointer, other, operation);
        }
    }

    /// <summary>Takes the value out and returns it, detached.</summary>
    public JsonNode? Remove(JsonPointer pointer, string operation)
    {
        JsonNode? removed;
        if (pointer.Tokens.IsEmpty)
        {
            removed = Root;
            Root = null;
            return removed;
        }

        var last = pointer.Tokens[^1];
        switch (Parent(pointer, operation))
        {
            case JsonObject obj when obj.TryGetPropertyValue(last, out removed):
                obj.Remove(last);
                return removed;
            case JsonArray array:
                var index = Index(last, array.Count - 1, pointer, operation);
                removed = array[index];
                array.RemoveAt(index);
                return removed;
            case JsonObject:
                throw Missing(pointer, operation);
            case var other:
                throw NoContainer(pointer, other, operation);
        }
    }

    public void Replace(JsonPointer pointer, JsonNode? value)
    {
        if (pointer.Tokens.IsEmpty)
        {
            Root = value;
            return;
        }

        var last = pointer.Tokens[^1];
        switch (Parent(pointer, "replace"))
        {
            case JsonObject obj when obj.ContainsKey(last):
                obj[last] = value;
                break;
            case JsonArray array:
                array[Index(last, array.Count - 1, pointer, "replace")] = value;
                break;
            case JsonObject:
                throw Missing(pointer, "replace");
            case var other:
                throw NoContainer(pointer, other, "replace");
        }
    }

    private JsonNode? Parent(JsonPointer pointer, string operation)
    {
        var node = Root;
        for (var depth = 0; depth < pointer.Tokens.Length - 1; depth++)
            node = Child(node, pointer, depth, operation);
        return node;
    }

    private static JsonNode? Child(JsonNode? node, JsonPointer pointer, int depth, string operation)
    {
        var token = pointer.Tokens[depth];
        return node switch
        {
            JsonObject obj => obj.TryGetPropertyValue(token, out var child) ? child : throw Missing(pointer, operation),
            JsonArray array => array[Index(token, array.Count - 1, pointer, operation)],
            _ => throw NoContainer(pointer, node, operation),
        };
    }

    private static int Index(string token, int max, JsonPointer pointer, string operation)
    {
        if (!JsonPointer.TryParseIndex(token, out var index))
            throw PatchFailure.Inapplicable($"{operation} operation at \"{pointer.Text}\": \"{token}\" is no index of an array");
        return index <= max
            ? index
            : throw PatchFailure.Inapplicable($"{operation} operation at \"{pointer.Text}\": index {index} is outside the array");
    }

    private static ApiStatusException Missing(JsonPointer pointer, string operation) =>
        PatchFailure.Inapplicable($"{operation} operation does not apply: doc is missing path \"{pointer.Text}\"");

    private static ApiStatusException NoContainer(JsonPointer pointer, JsonNode? node, string operation) =>
        PatchFailure.Inapplicable(
            $"{operation} operation does not apply: \"{pointer.Text}\" leads through {PatchFailure.Describe(node)}, which has no members");
}
