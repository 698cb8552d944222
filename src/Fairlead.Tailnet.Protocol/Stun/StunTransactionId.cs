using System.Buffers.Binary;

namespace Fairlead.Tailnet.Protocol.Stun;

/// <summary>The 12 bytes by which an answer is known to belong to a request.</summary>
public readonly record struct StunTransactionId(ulong High, uint Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 12;

    public static StunTransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>One that nobody can guess: the answer's only authentication.</summary>
    public static StunTransactionId Create()
    {
        Span<byte> bytes = stackalloc byte[Size];
        System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
        return Read(bytes);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Low);
    }
}
