namespace Fairlead.Tailnet.Protocol.Disco;

/// <summary>Answers a ping on the path it came by.</summary>
/// <param name="Source">Where the ping was seen to come from. For a relayed one the address is 127.3.3.40 and the port the region.</param>
public readonly record struct DiscoPong(DiscoTransactionId Transaction, WireEndPoint Source)
{
    /// <summary>Length of the message.</summary>
    public const int Size = DiscoMessage.HeaderSize + DiscoTransactionId.Size + WireEndPoint.Size;

    /// <param name="body">Message after its header.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, out DiscoPong pong)
    {
        pong = default;
        if (body.Length < DiscoTransactionId.Size + WireEndPoint.Size)
            return false;
        pong = new DiscoPong(DiscoTransactionId.Read(body), WireEndPoint.Read(body[DiscoTransactionId.Size..]));
        return true;
    }

    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        DiscoMessage.WriteHeader(destination, DiscoMessageType.Pong);
        Transaction.CopyTo(destination[DiscoMessage.HeaderSize..]);
        Source.Write(destination[(DiscoMessage.HeaderSize + DiscoTransactionId.Size)..]);
        return Size;
    }
}
