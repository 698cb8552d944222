using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>What a coordination server has a client prove its node key against. As text <c>chalpub:</c> and 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct ChallengePublicKey(PublicKey Key)
{
    private const string Prefix = "chalpub:";

    public bool IsZero => Key.IsZero;

    /// <exception cref="FormatException">The text is no such key. The message does not repeat it.</exception>
    public static ChallengePublicKey Parse(ReadOnlySpan<char> text) =>
        PublicKey.TryParse(text, Prefix, out var key) ? new ChallengePublicKey(key) : throw new FormatException($"Not a key of the form {Prefix}<64 hexadecimal digits>.");

    public override string ToString() => Prefix + Key;

    internal sealed class Converter : JsonConverter<ChallengePublicKey>
    {
        public override ChallengePublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            PublicKey.TryParse(reader.GetString(), Prefix, out var key) ? new ChallengePublicKey(key) : throw new JsonException($"Not a key of the form {Prefix}<64 hexadecimal digits>.");

        public override void Write(Utf8JsonWriter writer, ChallengePublicKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

        public override ChallengePublicKey ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, ChallengePublicKey value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
    }
}
