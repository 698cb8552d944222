using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>Identity of a machine toward the coordination server. As text <c>mkey:</c> and 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct MachinePublicKey(PublicKey Key)
{
    private const string Prefix = "mkey:";

    public bool IsZero => Key.IsZero;

    /// <exception cref="FormatException">The text is no such key. The message does not repeat it.</exception>
    public static MachinePublicKey Parse(ReadOnlySpan<char> text) =>
        PublicKey.TryParse(text, Prefix, out var key) ? new MachinePublicKey(key) : throw new FormatException($"Not a key of the form {Prefix}<64 hexadecimal digits>.");

    public override string ToString() => Prefix + Key;

    internal sealed class Converter : JsonConverter<MachinePublicKey>
    {
        public override MachinePublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            PublicKey.TryParse(reader.GetString(), Prefix, out var key) ? new MachinePublicKey(key) : throw new JsonException($"Not a key of the form {Prefix}<64 hexadecimal digits>.");

        public override void Write(Utf8JsonWriter writer, MachinePublicKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

        public override MachinePublicKey ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, MachinePublicKey value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
    }
}
