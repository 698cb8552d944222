using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Control.Json;

/// <summary>An address as text; an empty text is none.</summary>
internal sealed class IPAddressConverter : JsonConverter<IPAddress?>
{
    public override IPAddress? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("Not an address.");
        if (string.IsNullOrEmpty(text)) return null;
        return StrictAddress.TryParse(text, out var address) ? address : throw new JsonException("Not an address.");
    }

    public override void Write(Utf8JsonWriter writer, IPAddress? value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString() ?? "");
}
