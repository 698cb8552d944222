namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>BLAKE2s (RFC 7693) of a message at hand, plain or keyed. For messages in parts see <see cref="Blake2sHash"/>.</summary>
public static class Blake2s
{
    /// <summary>Length in bytes of the longest hash, and of the longest key.</summary>
    public const int HashSize = 32;

    /// <summary>Length in bytes of the blocks the message is taken in.</summary>
    public const int BlockSize = 64;

    /// <param name="destination">As long as the hash shall be: 1 to 32 bytes. It may lie within <paramref name="message"/>.</param>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        var hash = new Blake2sHash(destination.Length);
        hash.Append(message);
        hash.Finish(destination);
    }

    /// <summary>The hash of two parts, one after the other.</summary>
    /// <inheritdoc cref="Hash(ReadOnlySpan{byte}, Span{byte})"/>
    public static void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        var hash = new Blake2sHash(destination.Length);
        hash.Append(first);
        hash.Append(second);
        hash.Finish(destination);
    }

    /// <summary>The keyed hash, a message authentication code. Its length is part of what is hashed: 16 bytes are not the first of 32.</summary>
    /// <param name="key">1 to 32 bytes.</param>
    /// <param name="destination">As long as the code shall be: 1 to 32 bytes.</param>
    public static void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        if (key.IsEmpty)
        {
            throw new ArgumentException("A key is needed.", nameof(key));
        }

        var hash = new Blake2sHash(destination.Length, key);
        hash.Append(message);
        hash.Finish(destination);
    }
}
