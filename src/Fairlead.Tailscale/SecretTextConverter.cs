using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailscale;

internal sealed class SecretTextConverter : JsonConverter<SecretText>
{
    public override SecretText? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return string.IsNullOrEmpty(text) ? null : new SecretText(text);
    }

    // Replies are read, never written back: a secret that is serialised is on its way to a place it should not reach.
    public override void Write(Utf8JsonWriter writer, SecretText value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
