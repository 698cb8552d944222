using System.Buffers;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>
/// A Curve25519 private key. The bytes lie in memory that the garbage collector does not move, and are wiped by <see cref="Dispose"/>.
/// Safe to use from several threads; using it after it was disposed of throws <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class PrivateKey : IDisposable
{
    /// <summary>Length in bytes, of the key and of what two keys agree on.</summary>
    public const int Size = 32;

    private const string Prefix = "privkey:";

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
    private readonly LibCryptoKeyHandle _handle;

    /// <param name="bytes">Exactly <see cref="Size"/> bytes; copied.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public PrivateKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A private key has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
        _handle = X25519.Import(_bytes);
        PublicKey = X25519.PublicKeyOf(_handle);
    }

    public PublicKey PublicKey { get; }

    /// <param name="source">Where the bytes come from; the system's generator if null.</param>
    public static PrivateKey Generate(RandomNumberGenerator? source = null)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Fill(source, bytes);
        // RFC 7748, 5: what the function does with every scalar, done here so that the text of a key is the scalar in use.
        bytes[0] &= 0xF8;
        bytes[31] = (byte)((bytes[31] & 0x7F) | 0x40);
        var key = new PrivateKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <param name="text"><c>privkey:</c> and 64 hexadecimal digits.</param>
    /// <exception cref="FormatException">The text is no such key. The message does not repeat it.</exception>
    public static PrivateKey Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || text.Length != Prefix.Length + (2 * Size)
            || Convert.FromHexString(text[Prefix.Length..], bytes, out _, out _) != OperationStatus.Done)
        {
            throw new FormatException($"Not a key of the form {Prefix}<64 hexadecimal digits>.");
        }

        var key = new PrivateKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>The key itself, in the form <see cref="Parse"/> reads: for a state store, and nothing else.</summary>
    public string ToText()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return Prefix + Convert.ToHexStringLower(_bytes);
    }

    /// <summary>X25519 (RFC 7748) of this key and another's public key.</summary>
    /// <param name="sharedSecret">At least <see cref="Size"/> bytes, of which the first are written.</param>
    /// <returns>False, with zeros written, if the public key is a point of low order: no secret would be shared with anyone.</returns>
    public bool TryAgree(in PublicKey publicKey, Span<byte> sharedSecret) =>
        X25519.TryAgree(_handle, publicKey, sharedSecret[..Size]);

    public void Dispose()
    {
        _handle.Dispose();
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>Names the key by its public half.</summary>
    public override string ToString() => $"private key of {PublicKey}";

    private static void Fill(RandomNumberGenerator? source, Span<byte> bytes)
    {
        if (source is null)
        {
            RandomNumberGenerator.Fill(bytes);
        }
        else
        {
            source.GetBytes(bytes);
        }
    }
}
