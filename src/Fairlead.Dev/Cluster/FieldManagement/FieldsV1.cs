using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>The wire form of a <see cref="FieldSet"/> (<c>fieldsType: FieldsV1</c>).</summary>
internal static class FieldsV1
{
    private const string Self = ".";

    public static JsonObject Write(FieldSet set)
    {
        var obj = new JsonObject();
        foreach (var (element, child) in set.Children)
        {
            var members = Write(child);
            if (child.IsMember && members.Count > 0)
                members.Insert(0, Self, new JsonObject());
            obj[element] = members;
        }

        return obj;
    }

    /// <exception cref="FormatException">An element is malformed.</exception>
    public static FieldSet Read(JsonNode? node)
    {
        if (node is not JsonObject obj)
            throw new FormatException("fieldsV1 must consist of objects");
        var set = new FieldSet();
        foreach (var (element, value) in obj)
        {
            if (element == Self)
            {
                set.IsMember = true;
                continue;
            }

            var child = Read(value);
            // An element with nothing below it stands for itself.
            if (child.Children.Count == 0)
                child.IsMember = true;
            set.Children[PathElement.Canonical(element)] = child;
        }

        return set;
    }
}
