using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Disco;

/// <summary>The 12 bytes by which a pong is known to answer a ping.</summary>
public readonly record struct DiscoTransactionId(ulong High, uint Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 12;

    public static DiscoTransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>One that nobody can guess, so that a pong proves that its sender got the ping.</summary>
    public static DiscoTransactionId Create()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return Read(bytes);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Low);
    }
}
