using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Kubernetes.Resources.ApiExtensions;

namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>
/// Derives the structural schema of a custom resource from its record: shapes from the source-generated serialisation, so that
/// the schema cannot differ from what is read and written; texts and limits from attributes; those of embedded Kubernetes types
/// from <see cref="EmbeddedType"/>.
/// </summary>
internal sealed class SchemaGenerator(JsonSerializerOptions serialization)
{
    /// <summary>The schema of a whole object.</summary>
    public JsonSchemaProps Root(JsonTypeInfo root)
    {
        var own = Object(root.Type);
        var properties = own.Properties!.Where(property => property.Key is not ("apiVersion" or "kind" or "metadata"));
        return own with
        {
            Description = (root.Type.GetCustomAttribute<DescriptionAttribute>())?.Description,
            Properties = new Dictionary<string, JsonSchemaProps>(
            [
                new("apiVersion", new JsonSchemaProps { Type = "string", Description = "Group and version of the object's type." }),
                new("kind", new JsonSchemaProps { Type = "string", Description = "Name of the object's type." }),
                new("metadata", new JsonSchemaProps { Type = "object" }),
                .. properties,
            ]),
        };
    }

    private JsonSchemaProps Object(Type type)
    {
        var embedded = EmbeddedType.Of(type);
        var fields = serialization.GetTypeInfo(type).Properties
            .Where(field => field is { IsExtensionData: false, Get: not null, Set: not null })
            .ToList();
        string[] required = embedded?.Required ?? [.. fields.Where(field => Attribute<RequiredAttribute>(field) is not null).Select(field => field.Name)];
        return new JsonSchemaProps
        {
            Type = "object",
            Properties = fields.ToDictionary(field => field.Name, field => embedded is null ? Own(field) : Embedded(field, embedded)),
            Required = required.Length == 0 ? null : required,
            MapType = embedded is { Atomic: true } ? "atomic" : null,
            Validations = Rules(type.GetCustomAttributes<ValidationRuleAttribute>()),
        };
    }

    private JsonSchemaProps Embedded(JsonPropertyInfo field, EmbeddedType owner)
    {
        var schema = Of(field.PropertyType, null);
        return field.Name == owner.ListMap ? schema with { ListType = "map", ListMapKeys = ["name"] }
            : field.Name == owner.EmptyByDefault ? schema with { Default = SchemaJson.Text("") }
            : schema.Type == "array" ? schema with { ListType = "atomic" }
            : schema;
    }

    private JsonSchemaProps Own(JsonPropertyInfo field)
    {
        var schema = Limited(Of(field.PropertyType, Attribute<ElementSchemaAttribute>(field)), Attributes<SchemaAttribute>(field)
            .FirstOrDefault(limits => limits is not ElementSchemaAttribute));
        var key = Attribute<ListMapAttribute>(field)?.Key;
        return schema with
        {
            Description = Attribute<DescriptionAttribute>(field)?.Description,
            Default = Attribute<DefaultValueAttribute>(field)?.Value is bool preset ? SchemaJson.Flag(preset) : schema.Default,
            Enum = Attribute<AllowedValuesAttribute>(field)?.Values.OfType<string>().Select(SchemaJson.Text).ToImmutableArray(),
            ListType = key is null ? schema.ListType : "map",
            ListMapKeys = key is null ? schema.ListMapKeys : [key],
            Validations = Rules(Attributes<ValidationRuleAttribute>(field)) ?? schema.Validations,
        };
    }

    private JsonSchemaProps Of(Type declared, SchemaAttribute? elements)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (ScalarSchemas.Of(type) is { } scalar)
        {
            return scalar;
        }

        if (!type.IsGenericType)
        {
            return Object(type);
        }

        // Lists and maps: the element is the last type argument of both.
        var arguments = type.GetGenericArguments();
        var element = Limited(Of(arguments[^1], null), elements);
        return arguments.Length == 1
            ? new JsonSchemaProps { Type = "array", Items = element }
            : new JsonSchemaProps { Type = "object", AdditionalProperties = element };
    }

    private static JsonSchemaProps Limited(JsonSchemaProps schema, SchemaAttribute? limits) => limits is null ? schema : schema with
    {
        Pattern = limits.Pattern ?? schema.Pattern,
        Format = limits.Format ?? schema.Format,
        MinLength = NotNegative(limits.MinLength),
        MaxLength = NotNegative(limits.MaxLength),
        MinItems = NotNegative(limits.MinItems),
        MaxItems = NotNegative(limits.MaxItems),
        Minimum = limits.Minimum == long.MinValue ? null : limits.Minimum,
        Maximum = limits.Maximum == long.MaxValue ? null : limits.Maximum,
    };

    private static long? NotNegative(long limit) => limit < 0 ? null : limit;

    private static ImmutableArray<ValidationRule>? Rules(IEnumerable<ValidationRuleAttribute> rules)
    {
        ImmutableArray<ValidationRule> list = [.. rules.Select(rule => new ValidationRule { Rule = rule.Rule, Message = rule.Message })];
        return list.IsEmpty ? null : list;
    }

    private static T? Attribute<T>(JsonPropertyInfo field)
        where T : Attribute => Attributes<T>(field).FirstOrDefault();

    private static IEnumerable<T> Attributes<T>(JsonPropertyInfo field)
        where T : Attribute => (field.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true) ?? []).OfType<T>();
}
