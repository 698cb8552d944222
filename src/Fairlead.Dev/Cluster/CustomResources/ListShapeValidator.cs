using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Checks what a schema says about the shape of lists and maps (<c>x-kubernetes-list-type</c> and its like).</summary>
internal sealed class ListShapeValidator(List<FieldError> errors)
{
    private const string ListTypeWord = "x-kubernetes-list-type";
    private const string KeysWord = "x-kubernetes-list-map-keys";
    private const string MapTypeWord = "x-kubernetes-map-type";

    public void Validate(JsonObject schema, FieldPath path)
    {
        CheckMapType(schema, path);
        var listType = Text(schema, ListTypeWord);
        var keys = Texts(schema, KeysWord);
        if (listType is null)
        {
            if (keys.Length > 0)
                Add(FieldErrorType.Required, path.Member(ListTypeWord), $"must be map if {KeysWord} is non-empty");
            return;
        }

        if (Text(schema, "type") != "array")
            Add(FieldErrorType.Invalid, path.Member("type"), $"must be array if {ListTypeWord} is specified", JsonText.Of(schema["type"]));
        if (listType is not ("atomic" or "set" or "map"))
            Add(FieldErrorType.NotSupported, path.Member(ListTypeWord), "supported values: \"atomic\", \"map\", \"set\"", JsonText.Quote(listType));
        if (listType != "map" && keys.Length > 0)
            Add(FieldErrorType.Invalid, path.Member(ListTypeWord), $"must be map if {KeysWord} is non-empty", JsonText.Quote(listType));
        if (listType == "map")
            CheckMap(schema, keys, path);
        else if (listType == "set" && schema["items"] is JsonObject items)
            CheckSet(items, path.Member("items"));
    }

    private void CheckMap(JsonObject schema, System.Collections.Immutable.ImmutableArray<string> keys, FieldPath path)
    {
        var place = path.Member(KeysWord);
        if (keys.IsEmpty)
            Add(FieldErrorType.Required, place, $"must not be empty if {ListTypeWord} is map");
        if (keys.Distinct(StringComparer.Ordinal).Count() != keys.Length)
            Add(FieldErrorType.Invalid, place, "must not contain duplicate entries", JsonText.Of(schema[KeysWord]));
        if (schema["items"] is not JsonObject items)
            return;
        if (Text(items, "type") != "object")
            Add(FieldErrorType.Invalid, path.Member("items").Member("type"), $"must be object if parent array's {ListTypeWord} is map", JsonText.Of(items["type"]));
        if (Flag(items, "nullable"))
            Add(FieldErrorType.Forbidden, path.Member("items").Member("nullable"), "cannot be nullable when x-kubernetes-list-type is map");
        var required = Texts(items, "required");
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i];
            var declaredAt = path.Member("items").Member("properties").Key(key);
            if ((items["properties"] as JsonObject)?[key] is not JsonObject declared)
                Add(FieldErrorType.Invalid, place.Index(i), "entries must all be names of item properties", JsonText.Quote(key));
            else if (Text(declared, "type") is "array" or "object")
                Add(FieldErrorType.Invalid, declaredAt.Member("type"), $"must be a scalar type if parent array's {ListTypeWord} is map", JsonText.Of(declared["type"]));
            else if (!required.Contains(key) && !declared.ContainsKey("default"))
                Add(FieldErrorType.Required, declaredAt.Member("default"), $"this property is in {KeysWord}, so it must have a default or be a required property");
        }
    }

    private void CheckSet(JsonObject items, FieldPath path)
    {
        if (Flag(items, "nullable"))
            Add(FieldErrorType.Forbidden, path.Member("nullable"), "cannot be nullable when x-kubernetes-list-type is set");
        if (Text(items, "type") == "object" && Text(items, MapTypeWord) != "atomic")
            Add(FieldErrorType.Invalid, path.Member(MapTypeWord), $"must be atomic as item of a list with {ListTypeWord}=set", JsonText.Of(items[MapTypeWord]));
        if (Text(items, "type") == "array" && Text(items, ListTypeWord) is not (null or "atomic"))
            Add(FieldErrorType.Invalid, path.Member(ListTypeWord), $"must be atomic as item of a list with {ListTypeWord}=set", JsonText.Of(items[ListTypeWord]));
    }

    private void CheckMapType(JsonObject schema, FieldPath path)
    {
        if (Text(schema, MapTypeWord) is not { } mapType)
            return;
        if (mapType is not ("atomic" or "granular"))
            Add(FieldErrorType.NotSupported, path.Member(MapTypeWord), "supported values: \"atomic\", \"granular\"", JsonText.Quote(mapType));
        if (Text(schema, "type") != "object")
            Add(FieldErrorType.Invalid, path.Member("type"), $"must be object if {MapTypeWord} is specified", JsonText.Of(schema["type"]));
    }

    private void Add(FieldErrorType type, FieldPath path, string detail, string? value = null) =>
        errors.Add(new FieldError(type, path.ToString(), detail, value));
}
