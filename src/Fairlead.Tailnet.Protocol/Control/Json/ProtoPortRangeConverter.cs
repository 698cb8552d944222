using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Tailnet.Protocol.Control.Json;

internal sealed class ProtoPortRangeConverter : JsonConverter<ProtoPortRange>
{
    public override ProtoPortRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ProtoPortRange.TryParse(reader.GetString(), out var range)
            ? range
            : throw new JsonException("Not a protocol and ports of the form tcp:443.");

    public override void Write(Utf8JsonWriter writer, ProtoPortRange value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
