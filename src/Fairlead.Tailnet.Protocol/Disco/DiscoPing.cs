using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Disco;

/// <summary>Asks whether a path works.</summary>
/// <param name="Node">The sender's node key; zero where an old sender left it out.</param>
public readonly record struct DiscoPing(DiscoTransactionId Transaction, NodePublicKey Node)
{
    /// <summary>Length of the message without padding.</summary>
    public const int Size = DiscoMessage.HeaderSize + DiscoTransactionId.Size + PublicKey.Size;

    /// <param name="body">Message after its header. Padding behind the node key (a probe of the path's MTU) is ignored.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, out DiscoPing ping)
    {
        ping = default;
        if (body.Length < DiscoTransactionId.Size)
            return false;
        var rest = body[DiscoTransactionId.Size..];
        var node = rest.Length >= PublicKey.Size ? new NodePublicKey(new PublicKey(rest[..PublicKey.Size])) : default;
        ping = new DiscoPing(DiscoTransactionId.Read(body), node);
        return true;
    }

    /// <param name="destination">At least <see cref="Size"/> bytes; what is more is filled with padding.</param>
    public void Write(Span<byte> destination)
    {
        DiscoMessage.WriteHeader(destination, DiscoMessageType.Ping);
        Transaction.CopyTo(destination[DiscoMessage.HeaderSize..]);
        Node.Key.CopyTo(destination[(DiscoMessage.HeaderSize + DiscoTransactionId.Size)..]);
        destination[Size..].Clear();
    }
}
