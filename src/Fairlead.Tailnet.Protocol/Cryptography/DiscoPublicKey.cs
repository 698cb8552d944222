using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>Key of a node's path discovery, new at every start. As text <c>discokey:</c> and 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct DiscoPublicKey(PublicKey Key)
{
    private const string Prefix = "discokey:";

    public bool IsZero => Key.IsZero;

    /// <exception cref="FormatException">The text is no such key. The message does not repeat it.</exception>
    public static DiscoPublicKey Parse(ReadOnlySpan<char> text) =>
        PublicKey.TryParse(text, Prefix, out var key) ? new DiscoPublicKey(key) : throw new FormatException($"Not a key of the form {Prefix}<64 hexadecimal digits>.");

    public override string ToString() => Prefix + Key;

    internal sealed class Converter : JsonConverter<DiscoPublicKey>
    {
        public override DiscoPublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            PublicKey.TryParse(reader.GetString(), Prefix, out var key) ? new DiscoPublicKey(key) : throw new JsonException($"Not a key of the form {Prefix}<64 hexadecimal digits>.");

        public override void Write(Utf8JsonWriter writer, DiscoPublicKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

        public override DiscoPublicKey ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, DiscoPublicKey value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
    }
}
