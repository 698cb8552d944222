using System.Buffers.Binary;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>A Curve25519 public key: 32 bytes, compared by value. Public, so comparisons need not take constant time.</summary>
public readonly struct PublicKey : IEquatable<PublicKey>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A public key has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }

    /// <summary>Whether it is the key of 32 zero bytes, which on the wire means "none".</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);

    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], _d);
    }

    public bool Equals(PublicKey other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is PublicKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <param name="prefix">What the text must begin with, e.g. <c>nodekey:</c>; then 64 hexadecimal digits, or nothing for the zero key.</param>
    internal static bool TryParse(ReadOnlySpan<char> text, string prefix, out PublicKey key)
    {
        key = default;
        if (text.IsEmpty)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[Size];
        if (!text.StartsWith(prefix, StringComparison.Ordinal)
            || text.Length != prefix.Length + (2 * Size)
            || Convert.FromHexString(text[prefix.Length..], bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        key = new PublicKey(bytes);
        return true;
    }
}
