using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Control.Json;

internal sealed class IPPrefixConverter : JsonConverter<IPPrefix>
{
    public override IPPrefix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && IPPrefix.TryParse(reader.GetString(), out var prefix)
            ? prefix
            : throw new JsonException("Not an address prefix.");

    public override void Write(Utf8JsonWriter writer, IPPrefix value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
