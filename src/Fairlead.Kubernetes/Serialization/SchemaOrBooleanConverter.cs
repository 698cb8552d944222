using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources.ApiExtensions;

namespace Fairlead.Kubernetes.Serialization;

internal sealed class SchemaOrBooleanConverter : JsonConverter<SchemaOrBoolean>
{
    public override SchemaOrBoolean? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return new SchemaOrBoolean(reader.GetBoolean());

        var schema = JsonSerializer.Deserialize(ref reader, KubernetesJsonContext.Default.JsonSchemaProps);
        return schema is null ? null : new SchemaOrBoolean(schema);
    }

    public override void Write(Utf8JsonWriter writer, SchemaOrBoolean value, JsonSerializerOptions options)
    {
        if (value.Schema is { } schema)
            JsonSerializer.Serialize(writer, schema, KubernetesJsonContext.Default.JsonSchemaProps);
        else
            writer.WriteBooleanValue(value.Allowed);
    }
}
