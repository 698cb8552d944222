using System.Text.Json;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>
/// Bounds what a message makes of its bytes: an empty object has two bytes on the wire, and several hundred in memory. Counts tokens
/// without keeping anything.
/// </summary>
internal static class MessageBudget
{
    /// <summary>Smaller messages cannot grow beyond some 16 MiB.</summary>
    private const int UncheckedSize = 128 << 10;

    /// <summary>What an object weighs, in tokens of 32 bytes.</summary>
    private const int ObjectWeight = 16;

    /// <summary>About 128 MiB. A peer has about 80 tokens and 5 objects.</summary>
    private const int MaxWeight = 4_000_000;

    /// <exception cref="MapFrameException">It would take too much.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static void Check(ReadOnlySpan<byte> json)
    {
        if (json.Length <= UncheckedSize) return;
        var reader = new Utf8JsonReader(json);
        var weight = 0;
        while (reader.Read())
        {
            weight += reader.TokenType == JsonTokenType.StartObject ? ObjectWeight : 1;
            if (weight > MaxWeight) throw new MapFrameException("A map response has more entries than any tailnet needs.");
        }
    }
}
