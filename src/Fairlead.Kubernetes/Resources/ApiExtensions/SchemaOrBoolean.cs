using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.ApiExtensions;

/// <summary>What further entries of a map may be: anything, nothing, or what a schema says.</summary>
[JsonConverter(typeof(SchemaOrBooleanConverter))]
public sealed record SchemaOrBoolean
{
    public SchemaOrBoolean(bool allowed) => Allowed = allowed;

    public SchemaOrBoolean(JsonSchemaProps schema)
    {
        Allowed = true;
        Schema = schema;
    }

    public bool Allowed { get; }

    /// <summary>Null where only yes or no was said.</summary>
    public JsonSchemaProps? Schema { get; }

    public static implicit operator SchemaOrBoolean(bool allowed) => new(allowed);

    public static implicit operator SchemaOrBoolean(JsonSchemaProps schema) => new(schema);

    public static SchemaOrBoolean FromBoolean(bool allowed) => new(allowed);

    public static SchemaOrBoolean FromJsonSchemaProps(JsonSchemaProps schema) => new(schema);
}
