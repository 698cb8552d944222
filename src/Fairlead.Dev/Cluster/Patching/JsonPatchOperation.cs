using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>One operation of a JSON patch.</summary>
internal sealed record JsonPatchOperation(string Name, JsonPointer Path, JsonPointer? From, JsonNode? Value)
{
    public static JsonPatchOperation Read(JsonNode? node, int index)
    {
        if (node is not JsonObject obj)
            throw PatchFailure.Malformed($"JSON patch operation {index} must be an object, not {PatchFailure.Describe(node)}");
        var name = Text(obj, "op", index);
        if (name is not ("add" or "remove" or "replace" or "move" or "copy" or "test"))
            throw PatchFailure.Inapplicable(
                $"JSON patch operation {index}: unknown op \"{name}\"; use add, remove, replace, move, copy or test");
        var path = Pointer(obj, "path", index);
        var from = name is "move" or "copy" ? Pointer(obj, "from", index) : null;
        if (name is "add" or "replace" or "test" && !obj.ContainsKey("value"))
            throw PatchFailure.Inapplicable($"JSON patch operation {index} ({name} {path.Text}) has no \"value\"");
        return new JsonPatchOperation(name, path, from, obj["value"]);
    }

    public void ApplyTo(JsonPatchDocument document)
    {
        switch (Name)
        {
            case "add":
                document.Add(Path, Value?.DeepClone(), "add");
                break;
            case "remove":
                document.Remove(Path, "remove");
                break;
            case "replace":
                document.Replace(Path, Value?.DeepClone());
                break;
            case "copy":
                document.Add(Path, document.Get(From!, "copy")?.DeepClone(), "copy");
                break;
            case "move":
                Move(document);
                break;
            default:
                if (!JsonNode.DeepEquals(document.Get(Path, "test"), Value))
                    throw PatchFailure.Inapplicable($"test operation at \"{Path.Text}\" failed: the value differs");
                break;
        }
    }

    private void Move(JsonPatchDocument document)
    {
        if (From!.IsPrefixOf(Path) && From.Tokens.Length < Path.Tokens.Length)
            throw PatchFailure.Inapplicable($"move operation: \"{From.Text}\" cannot be moved into its own child \"{Path.Text}\"");
        document.Add(Path, document.Remove(From, "move"), "move");
    }

    private static JsonPointer Pointer(JsonObject obj, string member, int index)
    {
        try
        {
            return JsonPointer.Parse(Text(obj, member, index));
        }
        catch (FormatException e)
        {
            throw PatchFailure.Inapplicable($"JSON patch operation {index}: {e.Message}");
        }
    }

    private static string Text(JsonObject obj, string member, int index) =>
        obj[member] is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw PatchFailure.Inapplicable($"JSON patch operation {index} needs a text member \"{member}\"");
}
