using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Checks that a custom resource's schema is structural: every place has one type, and pruning can rely on it.</summary>
internal sealed class StructuralSchemaValidator(List<FieldError> errors)
{
    private static readonly string[] KnownTypes = ["array", "boolean", "integer", "number", "object", "string"];

    private static readonly string[] Junctors = ["allOf", "anyOf", "oneOf"];

    public void ValidateRoot(JsonObject schema, FieldPath path)
    {
        var before = errors.Count;
        Validate(schema, path, "must not be empty at the root");
        if (Text(schema, "type") is { Length: > 0 } type && type != "object")
            Add(FieldErrorType.Invalid, path.Member("type"), "must be object at the root", JsonText.Quote(type));
        ValidateMetadata(schema, path);

        // Defaults and rules are checked against a schema that makes sense.
        if (errors.Count > before)
            return;
        var root = StructuralSchemaReader.ReadRoot(schema);
        new SchemaDefaultsValidator(errors).Validate(root, path, isRoot: true);
        new SchemaRulesValidator(errors).Validate(root, path, isRoot: true);
    }

    private void Validate(JsonObject schema, FieldPath path, string emptyType)
    {
        SchemaKeywords.Check(schema, path, errors);
        CheckType(schema, path, emptyType);
        CheckBounds(schema, path);
        new ListShapeValidator(errors).Validate(schema, path);
        CheckMembers(schema, path);
        CheckEmbedded(schema, path);
        foreach (var junctor in Junctors)
        {
            for (var i = 0; schema[junctor] is JsonArray list && i < list.Count; i++)
            {
                if (list[i] is JsonObject branch)
                    ValidateBranch(branch, schema, path.Member(junctor).Index(i));
            }
        }

        if (schema["not"] is JsonObject not)
            ValidateBranch(not, schema, path.Member("not"));
    }

    private void CheckType(JsonObject schema, FieldPath path, string emptyType)
    {
        var type = Text(schema, "type") ?? "";
        var place = path.Member("type");
        if (Flag(schema, "x-kubernetes-int-or-string"))
        {
            if (Flag(schema, "x-kubernetes-preserve-unknown-fields"))
                Add(FieldErrorType.Invalid, path.Member("x-kubernetes-preserve-unknown-fields"), "must be false if x-kubernetes-int-or-string is true", "true");
        }
        else if (type.Length == 0 && !Flag(schema, "x-kubernetes-preserve-unknown-fields"))
        {
            Add(FieldErrorType.Required, place, emptyType);
        }
        else if (type.Length > 0 && !KnownTypes.Contains(type))
        {
            Add(FieldErrorType.NotSupported, place, $"supported values: {string.Join(", ", KnownTypes.Select(JsonText.Quote))}", JsonText.Quote(type));
        }
    }

    private void CheckBounds(JsonObject schema, FieldPath path)
    {
        if (Flag(schema, "uniqueItems"))
            Add(FieldErrorType.Forbidden, path.Member("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        if (Text(schema, "pattern") is { } pattern && SchemaPattern.ErrorOf(pattern) is { } error)
            Add(FieldErrorType.Invalid, path.Member("pattern"), $"must be a valid regular expression, but isn't: {error}", JsonText.Quote(pattern));
        foreach (var name in (ReadOnlySpan<string>)["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"])
        {
            if (JsonNumber.TryRead(schema[name], out var number) && number.Value < 0)
                Add(FieldErrorType.Invalid, path.Member(name), "should be a non-negative integer", JsonText.Of(schema[name]));
        }

        if (JsonNumber.TryRead(schema["multipleOf"], out var factor) && factor.Value <= 0)
            Add(FieldErrorType.Invalid, path.Member("multipleOf"), "must be greater than 0", JsonText.Of(schema["multipleOf"]));
        if (schema["x-kubernetes-preserve-unknown-fields"]?.GetValueKind() == JsonValueKind.False)
            Add(FieldErrorType.Invalid, path.Member("x-kubernetes-preserve-unknown-fields"), "must be true or undefined", "false");
    }

    private void CheckMembers(JsonObject schema, FieldPath path)
    {
        if (schema["properties"] is JsonObject properties)
        {
            if (schema["additionalProperties"] is not null)
                Add(FieldErrorType.Forbidden, path.Member("additionalProperties"), "additionalProperties and properties are mutual exclusive");
            foreach (var (name, member) in properties)
            {
                var place = path.Member("properties").Key(name);
                if (member is JsonObject declared)
                    Validate(declared, place, "must not be empty for specified object fields");
                else
                    Add(FieldErrorType.TypeInvalid, place, "must be of type object", JsonText.Of(member));
            }
        }

        if (schema["additionalProperties"] is JsonObject values)
            Validate(values, path.Member("additionalProperties"), "must not be empty for specified object fields");
        if (schema["items"] is JsonObject items)
            Validate(items, path.Member("items"), "must not be empty for specified array items");
        else if (Text(schema, "type") == "array")
            Add(FieldErrorType.Required, path.Member("items"), "must be specified");
    }

    private void CheckEmbedded(JsonObject schema, FieldPath path)
    {
        if (!Flag(schema, "x-kubernetes-embedded-resource"))
            return;
        if (Text(schema, "type") != "object")
            Add(FieldErrorType.Invalid, path.Member("type"), "must be object if x-kubernetes-embedded-resource is true", JsonText.Of(schema["type"]));
        if (schema["properties"] is not JsonObject { Count: > 0 } && !Flag(schema, "x-kubernetes-preserve-unknown-fields"))
            Add(FieldErrorType.Required, path.Member("properties"), "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
    }

    /// <summary>Value validations may restrict what the structure declares, and add nothing to it.</summary>
    private void ValidateBranch(JsonObject branch, JsonObject structure, FieldPath path)
    {
        SchemaKeywords.Check(branch, path, errors);
        CheckBounds(branch, path);
        foreach (var (name, _) in branch)
        {
            var isStructural = name is "description" or "type" or "default" or "additionalProperties" or "nullable" or "title"
                || (name.StartsWith("x-kubernetes-", StringComparison.Ordinal) && name != "x-kubernetes-validations");
            if (isStructural && !(name == "type" && Flag(structure, "x-kubernetes-int-or-string")))
                Add(FieldErrorType.Forbidden, path.Member(name), "must be empty to be structural");
        }

        if (branch["properties"] is JsonObject properties)
        {
            foreach (var (name, member) in properties)
            {
                // A member only a branch names is legal: it is pruned before the branch could judge it.
                if (member is JsonObject nested)
                    ValidateBranch(nested, (structure["properties"] as JsonObject)?[name] as JsonObject ?? [], path.Member("properties").Key(name));
            }
        }

        if (branch["items"] is JsonObject items)
            ValidateBranch(items, structure["items"] as JsonObject ?? [], path.Member("items"));

        foreach (var junctor in Junctors)
        {
            for (var i = 0; branch[junctor] is JsonArray list && i < list.Count; i++)
            {
                if (list[i] is JsonObject nested)
                    ValidateBranch(nested, structure, path.Member(junctor).Index(i));
            }
        }

        if (branch["not"] is JsonObject not)
            ValidateBranch(not, structure, path.Member("not"));
    }

    private void ValidateMetadata(JsonObject schema, FieldPath path)
    {
        if ((schema["properties"] as JsonObject)?["metadata"] is not JsonObject metadata)
            return;
        var onlyNames = metadata.All(word => word.Key is "type" or "properties" or "required" or "description")
            && (metadata["properties"] as JsonObject ?? []).All(member => member.Key is "name" or "generateName");
        if (!onlyNames)
            Add(
                FieldErrorType.Forbidden,
                path.Member("properties").Key("metadata"),
                "must not specify anything other than name and generateName, but metadata is implicitly specified");
    }

    private void Add(FieldErrorType type, FieldPath path, string detail, string? value = null) =>
        errors.Add(new FieldError(type, path.ToString(), detail, value));
}
