using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Control.Json;

/// <summary><c>address:port</c>, with an IPv6 address in brackets; an empty text is none.</summary>
internal sealed class IPEndPointConverter : JsonConverter<IPEndPoint?>
{
    public override IPEndPoint? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("Not an endpoint.");
        if (string.IsNullOrEmpty(text)) return null;
        return Parse(text) ?? throw new JsonException("Not an endpoint of the form <address>:<port>.");
    }

    public override void Write(Utf8JsonWriter writer, IPEndPoint? value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString() ?? "");

    private static IPEndPoint? Parse(ReadOnlySpan<char> text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..colon];
        var bracketed = host[0] == '[' && host[^1] == ']';
        if (bracketed) host = host[1..^1];
        return StrictAddress.TryParse(host, out var address) && bracketed == (address.AddressFamily == AddressFamily.InterNetworkV6)
            ? new IPEndPoint(address, port)
            : null;
    }
}
