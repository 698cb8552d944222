using System.Buffers;
using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control;

/// <summary>
/// JSON of the Tailscale control protocol. Names are read in any case, unknown ones are skipped. A property that may be null keeps
/// absent, empty and filled apart; one that may not reads null as empty, and is left out when empty.
/// </summary>
public static class ControlJson
{
    private static readonly JsonSerializerOptions Options = CreateOptions();

    /// <exception cref="JsonException">Not JSON, deeper than 64 levels, or a value is of another type than its field.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> json)
        where T : class =>
        JsonSerializer.Deserialize(json, TypeInfo<T>()) ?? throw new JsonException($"null where a {typeof(T).Name} was expected.");

    public static byte[] Serialize<T>(T value)
        where T : class =>
        JsonSerializer.SerializeToUtf8Bytes(value, TypeInfo<T>());

    public static void Serialize<T>(IBufferWriter<byte> destination, T value)
        where T : class
    {
        using var writer = new Utf8JsonWriter(destination);
        JsonSerializer.Serialize(writer, value, TypeInfo<T>());
    }

    /// <summary>For other ways of reading and writing, e.g. to streams.</summary>
    /// <exception cref="NotSupportedException">Not a message of the protocol.</exception>
    public static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(ControlJsonContext.Default.Options)
        {
            TypeInfoResolver = ControlJsonContext.Default.WithAddedModifier(LeaveOutEmpty),
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsGetNullable || property.PropertyType.IsValueType) continue;
            if (property.PropertyType == typeof(string)) property.ShouldSerialize = static (_, value) => value is string { Length: > 0 };
            else if (property.PropertyType.IsAssignableTo(typeof(IEnumerable))) property.ShouldSerialize = static (_, value) => value is IEnumerable list && list.GetEnumerator().MoveNext();
        }
    }
}
