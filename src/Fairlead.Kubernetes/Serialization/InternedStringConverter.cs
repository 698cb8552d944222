using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>For members whose values recur from object to object, such as <c>kind</c> or a namespace: equal texts share one instance.</summary>
public sealed class InternedStringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    internal static string? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String or JsonTokenType.PropertyName when !reader.HasValueSequence && !reader.ValueIsEscaped => StringPool.Get(reader.ValueSpan),
        _ => reader.GetString(),
    };
}
