using System.Text.Json;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>
/// Bounds what a message makes of its bytes: an empty object has two bytes on the wire, and several hundred in memory. Counts tokens
/// without keeping anything.
/// </summary>
internal static class MessageBudget
{
    /// <summary>What an object weighs, where any other token weighs one.</summary>
    private const int ObjectWeight = 16;

    /// <summary>Bytes of text that weigh as much as a token.</summary>
    private const int TextWeight = 16;

    /// <summary>About 200 MiB. A peer has about 80 tokens, 5 objects and 1.5 KiB, so it is enough for some 25,000.</summary>
    private const long MaxWeight = 6_000_000;

    /// <returns>What the message takes in memory, in units of some 32 bytes.</returns>
    /// <exception cref="MapFrameException">It would take too much.</exception>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static long Weigh(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        long weight = json.Length / TextWeight;
        while (weight <= MaxWeight && reader.Read())
        {
            weight += reader.TokenType == JsonTokenType.StartObject ? ObjectWeight : 1;
        }

        return weight <= MaxWeight ? weight : throw new MapFrameException("A map response has more entries than any tailnet needs.");
    }
}
