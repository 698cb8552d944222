using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control;

/// <summary>A JSON value that the protocol carries without knowing it, e.g. an argument of a capability. Compared as text.</summary>
[JsonConverter(typeof(RawJsonConverter))]
public readonly record struct RawJson
{
    private readonly string? _text;

    /// <param name="text">JSON; not checked before it is written.</param>
    public RawJson(string text) => _text = text;

    public string Text => _text ?? "null";

    /// <exception cref="JsonException">The value is not of this type.</exception>
    public T? As<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Text, type);

    public override string ToString() => Text;
}
