using System.Buffers.Binary;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>
/// What a server may send as the first bytes inside the channel, before HTTP/2. Its beginning would, as a frame of HTTP/2, have a length
/// and type that do not occur.
/// </summary>
public static class EarlyPayload
{
    /// <summary>Version from which on clients understand it; to older ones it must not be sent.</summary>
    public const int MinVersion = 49;

    /// <summary>Magic and big-endian length.</summary>
    internal const int HeaderSize = 9;

    /// <summary>Longest JSON in bytes that a client takes.</summary>
    internal const int MaxSize = 10 << 20;

    internal static ReadOnlySpan<byte> Magic => [0xFF, 0xFF, 0xFF, (byte)'T', (byte)'S'];

    /// <summary>For servers: to be written before anything else.</summary>
    public static async Task WriteAsync(Stream channel, EarlyNoise payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(payload);
        var json = ControlJson.Serialize(payload);
        var message = new byte[HeaderSize + json.Length];
        Magic.CopyTo(message);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(Magic.Length), json.Length);
        json.CopyTo(message, HeaderSize);
        await channel.WriteAsync(message, cancellationToken).ConfigureAwait(false);
    }
}
