using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>
/// The two boxes that open a connection: the client proves that it holds its node key, the server that it holds the key it announced.
/// </summary>
public static class DerpHandshake
{
    // A few short fields; a box that claims more is not read as JSON at all.
    private const int MaxJson = 16 << 10;

    /// <summary>The whole <see cref="DerpFrameType.ClientInfo"/> frame.</summary>
    /// <param name="server">What the server announced.</param>
    /// <exception cref="CryptographicException">The server's key is none that anything can be sealed for.</exception>
    public static byte[] WriteClientInfo(NodePrivateKey node, PublicKey server, DerpClientInfo info)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(info);
        using var box = new NaclBox(node.Key, server);
        var json = JsonSerializer.SerializeToUtf8Bytes(info, DerpJson.Default.DerpClientInfo);
        var frame = new byte[DerpFrameWriter.PacketHeaderSize + NaclBox.NonceSize + NaclBox.Overhead + json.Length];
        new DerpFrameHeader(DerpFrameType.ClientInfo, frame.Length - DerpProtocol.HeaderSize).Write(frame);
        node.PublicKey.Key.CopyTo(frame.AsSpan(DerpProtocol.HeaderSize));
        Seal(box, json, frame.AsSpan(DerpFrameWriter.PacketHeaderSize));
        return frame;
    }

    /// <returns>False if the payload is malformed, or not sealed by the node it names for this server.</returns>
    public static bool TryReadClientInfo(PrivateKey server, ReadOnlySpan<byte> payload, out NodePublicKey node, out DerpClientInfo info)
    {
        ArgumentNullException.ThrowIfNull(server);
        info = new DerpClientInfo();
        return DerpPayload.TryReadNode(payload, out node)
            && TryOpen(server, node.Key, payload[PublicKey.Size..], DerpJson.Default.DerpClientInfo, ref info);
    }

    /// <summary>The whole <see cref="DerpFrameType.ServerInfo"/> frame.</summary>
    /// <exception cref="CryptographicException">The client's key is none that anything can be sealed for.</exception>
    public static byte[] WriteServerInfo(PrivateKey server, NodePublicKey client, DerpServerInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        using var box = new NaclBox(server, client.Key);
        var json = JsonSerializer.SerializeToUtf8Bytes(info, DerpJson.Default.DerpServerInfo);
        var frame = new byte[DerpProtocol.HeaderSize + NaclBox.NonceSize + NaclBox.Overhead + json.Length];
        new DerpFrameHeader(DerpFrameType.ServerInfo, frame.Length - DerpProtocol.HeaderSize).Write(frame);
        Seal(box, json, frame.AsSpan(DerpProtocol.HeaderSize));
        return frame;
    }

    /// <returns>False if the payload is malformed, or not sealed by this server for this node.</returns>
    public static bool TryReadServerInfo(NodePrivateKey node, PublicKey server, ReadOnlySpan<byte> payload, out DerpServerInfo info)
    {
        ArgumentNullException.ThrowIfNull(node);
        info = new DerpServerInfo();
        return TryOpen(node.Key, server, payload, DerpJson.Default.DerpServerInfo, ref info);
    }

    private static void Seal(NaclBox box, ReadOnlySpan<byte> json, Span<byte> destination)
    {
        var nonce = destination[..NaclBox.NonceSize];
        RandomNumberGenerator.Fill(nonce);
        box.Seal(nonce, json, destination[NaclBox.NonceSize..]);
    }

    private static bool TryOpen<T>(PrivateKey own, PublicKey other, ReadOnlySpan<byte> payload, JsonTypeInfo<T> type, ref T info)
        where T : class
    {
        var size = payload.Length - NaclBox.NonceSize - NaclBox.Overhead;
        if (size is <= 0 or > MaxJson)
            return false;
        try
        {
            using var box = new NaclBox(own, other);
            var json = new byte[size];
            if (!box.TryOpen(payload[..NaclBox.NonceSize], payload[NaclBox.NonceSize..], json))
                return false;
            info = JsonSerializer.Deserialize(json, type) ?? info;
            return true;
        }
        catch (Exception e) when (e is JsonException or CryptographicException)
        {
            return false;
        }
    }
}
