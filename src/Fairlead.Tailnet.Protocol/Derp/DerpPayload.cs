using System.Buffers.Binary;
using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>Reads the payloads of frames. A payload too short for its type is refused; bytes after what a type defines are ignored.</summary>
public static class DerpPayload
{
    // A relay's complaint is one sentence; what is longer is not worth keeping.
    private const int MaxHealthText = 1024;

    public static bool TryReadServerKey(ReadOnlySpan<byte> payload, out PublicKey key)
    {
        key = default;
        var magic = DerpProtocol.Magic;
        if (payload.Length < magic.Length + PublicKey.Size || !payload.StartsWith(magic))
            return false;
        key = new PublicKey(payload.Slice(magic.Length, PublicKey.Size));
        return true;
    }

    /// <summary>For <see cref="DerpFrameType.SendPacket"/> (the destination) and <see cref="DerpFrameType.RecvPacket"/> (the source).</summary>
    public static bool TryReadPacket(Span<byte> payload, out NodePublicKey node, out Span<byte> packet)
    {
        packet = default;
        if (!TryReadNode(payload, out node) || payload.Length > PublicKey.Size + DerpProtocol.MaxPacketSize)
            return false;
        packet = payload[PublicKey.Size..];
        return true;
    }

    public static bool TryReadPeerGone(ReadOnlySpan<byte> payload, out NodePublicKey node, out DerpPeerGoneReason reason)
    {
        // Servers of the first hour sent no reason: they only told of disconnected nodes.
        reason = payload.Length > PublicKey.Size ? (DerpPeerGoneReason)payload[PublicKey.Size] : DerpPeerGoneReason.Disconnected;
        return TryReadNode(payload, out node);
    }

    public static bool TryReadPreferred(ReadOnlySpan<byte> payload, out bool isHome)
    {
        isHome = payload.Length > 0 && payload[0] != 0;
        return payload.Length > 0;
    }

    /// <summary>For <see cref="DerpFrameType.Ping"/> and <see cref="DerpFrameType.Pong"/>.</summary>
    public static bool TryReadToken(ReadOnlySpan<byte> payload, out ulong token) => BinaryPrimitives.TryReadUInt64BigEndian(payload, out token);

    public static string ReadHealth(ReadOnlySpan<byte> payload) => Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, MaxHealthText)]);

    public static bool TryReadRestarting(ReadOnlySpan<byte> payload, out TimeSpan reconnectIn, out TimeSpan tryFor)
    {
        reconnectIn = tryFor = default;
        if (payload.Length < 8)
            return false;
        reconnectIn = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(payload));
        tryFor = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(payload[4..]));
        return true;
    }

    /// <summary>The node key that a payload begins with.</summary>
    public static bool TryReadNode(ReadOnlySpan<byte> payload, out NodePublicKey node)
    {
        node = default;
        if (payload.Length < PublicKey.Size)
            return false;
        node = new NodePublicKey(new PublicKey(payload[..PublicKey.Size]));
        return true;
    }
}
