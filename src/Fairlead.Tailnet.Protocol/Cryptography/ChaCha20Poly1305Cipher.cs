using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>
/// ChaCha20-Poly1305 (RFC 8439) under one key, by OpenSSL. The key is set once; a message costs what its bytes cost and little more, and
/// allocates nothing. One call at a time: callers that seal on several threads use an object each, or a lock. <see cref="Dispose"/> may
/// be called at any time; it wipes the key, and later calls throw <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed unsafe class ChaCha20Poly1305Cipher : IDisposable
{
    /// <summary>Length of a key in bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Length of a nonce in bytes.</summary>
    public const int NonceSize = 12;

    /// <summary>By how many bytes a sealed message is longer than the plain one.</summary>
    public const int TagSize = 16;

    // A call that keeps the garbage collector waiting should end within a microsecond or two; libcrypto does 4 KiB in about that time.
    private const int ShortLength = 4096;

    private static readonly nint Algorithm = FetchAlgorithm();

    private readonly LibCryptoCipherHandle _context = new();

    /// <param name="key">Exactly <see cref="KeySize"/> bytes; not kept outside of OpenSSL.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public ChaCha20Poly1305Cipher(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"A key has {KeySize} bytes, not {key.Length}.", nameof(key));
        }

        fixed (byte* bytes = key)
        {
            if (LibCrypto.EVP_EncryptInit_ex2(_context.DangerousGetHandle(), Algorithm, bytes, null, null) != 1)
            {
                throw LibCrypto.Failure(nameof(LibCrypto.EVP_EncryptInit_ex2));
            }
        }
    }

    /// <summary>Seals with the nonce of Noise and WireGuard: four zero bytes, then the counter in little-endian order.</summary>
    /// <inheritdoc cref="Seal(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, ReadOnlySpan{byte})"/>
    public void Seal(ulong counter, ReadOnlySpan<byte> plaintext, Span<byte> destination, ReadOnlySpan<byte> associatedData = default)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        CounterNonce(counter, nonce);
        Seal(nonce, plaintext, destination, associatedData);
    }

    /// <summary>Writes ciphertext and tag. A nonce must never be used twice for sealing.</summary>
    /// <param name="nonce">Exactly <see cref="NonceSize"/> bytes.</param>
    /// <param name="destination">
    /// At least <see cref="TagSize"/> bytes longer than the plaintext. It may begin where the plaintext begins; else they must not overlap.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> destination, ReadOnlySpan<byte> associatedData = default)
    {
        RequireFit(nonce, destination.Length, plaintext.Length + TagSize);
        int written;
        using var use = new Use(_context);
        fixed (byte* iv = nonce, source = plaintext, target = destination, data = associatedData)
        {
            var parameters = stackalloc LibCrypto.ParameterEntry[2];
            SetTag(parameters, target + plaintext.Length);
            byte end;
            if (LibCrypto.EVP_EncryptInit_ex2(use.Context, 0, null, iv, null) != 1
                || (!associatedData.IsEmpty && LibCrypto.EVP_CipherUpdate(use.Context, null, &written, data, associatedData.Length) != 1)
                || (!plaintext.IsEmpty && Update(use.Context, target, source, plaintext.Length) != 1)
                || LibCrypto.EVP_CipherFinal_ex(use.Context, &end, &written) != 1
                || LibCrypto.EVP_CIPHER_CTX_get_params(use.Context, parameters) != 1)
            {
                throw LibCrypto.Failure(nameof(LibCrypto.EVP_CipherFinal_ex));
            }
        }
    }

    /// <summary>Opens with the nonce of Noise and WireGuard: four zero bytes, then the counter in little-endian order.</summary>
    /// <inheritdoc cref="TryOpen(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, ReadOnlySpan{byte})"/>
    public bool TryOpen(ulong counter, ReadOnlySpan<byte> message, Span<byte> destination, ReadOnlySpan<byte> associatedData = default)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        CounterNonce(counter, nonce);
        return TryOpen(nonce, message, destination, associatedData);
    }

    /// <summary>Checks the tag and writes the plaintext.</summary>
    /// <param name="nonce">Exactly <see cref="NonceSize"/> bytes.</param>
    /// <param name="message">Ciphertext and tag.</param>
    /// <param name="destination">
    /// Room for the message without its tag. It may begin where the message begins; else they must not overlap.
    /// </param>
    /// <returns>False, with zeros written, if the message is not what the key, nonce and associated data seal.</returns>
    /// <exception cref="ArgumentException">The destination is too short, or the nonce has another length.</exception>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> destination, ReadOnlySpan<byte> associatedData = default)
    {
        var length = message.Length - TagSize;
        if (length < 0)
        {
            return false;
        }

        RequireFit(nonce, destination.Length, length);
        int written;
        using var use = new Use(_context);
        fixed (byte* iv = nonce, source = message, target = destination, data = associatedData)
        {
            var parameters = stackalloc LibCrypto.ParameterEntry[2];
            SetTag(parameters, source + length);
            if (LibCrypto.EVP_DecryptInit_ex2(use.Context, 0, null, iv, parameters) != 1
                || (!associatedData.IsEmpty && LibCrypto.EVP_CipherUpdate(use.Context, null, &written, data, associatedData.Length) != 1)
                || (length > 0 && Update(use.Context, target, source, length) != 1))
            {
                throw LibCrypto.Failure(nameof(LibCrypto.EVP_DecryptInit_ex2));
            }

            byte end;
            if (LibCrypto.EVP_CipherFinal_ex(use.Context, &end, &written) == 1)
            {
                return true;
            }
        }

        LibCrypto.ERR_clear_error();
        CryptographicOperations.ZeroMemory(destination[..length]);
        return false;
    }

    public void Dispose() => _context.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CounterNonce(ulong counter, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], counter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Update(nint context, byte* target, byte* source, int length)
    {
        int written;
        return length <= ShortLength
            ? LibCrypto.EVP_CipherUpdateShort(context, target, &written, source, length)
            : LibCrypto.EVP_CipherUpdate(context, target, &written, source, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetTag(LibCrypto.ParameterEntry* parameters, byte* tag)
    {
        fixed (byte* name = "tag"u8)
        {
            // "tag"u8 lies in the assembly's read-only data, which does not move.
            parameters[0] = new LibCrypto.ParameterEntry { Key = name, DataType = LibCrypto.ParameterEntry.OctetString, Data = tag, DataSize = TagSize };
            parameters[1] = default;
        }
    }

    private static void RequireFit(ReadOnlySpan<byte> nonce, int room, int needed)
    {
        if (nonce.Length != NonceSize)
        {
            throw new ArgumentException($"A nonce has {NonceSize} bytes, not {nonce.Length}.", nameof(nonce));
        }

        if (room < needed)
        {
            throw new ArgumentException($"The destination has {room} bytes and needs {needed}.");
        }
    }

    private static nint FetchAlgorithm()
    {
        var algorithm = LibCrypto.EVP_CIPHER_fetch(0, "ChaCha20-Poly1305", 0);
        return algorithm != 0
            ? algorithm
            : throw new PlatformNotSupportedException("This OpenSSL offers no ChaCha20-Poly1305; a FIPS-only configuration disables it. WireGuard and the control protocol have no other cipher: enable OpenSSL's default provider.");
    }

    /// <summary>Keeps the context from being freed during a call.</summary>
    private readonly ref struct Use : IDisposable
    {
        private readonly LibCryptoCipherHandle _handle;

        public Use(LibCryptoCipherHandle handle)
        {
            var added = false;
            handle.DangerousAddRef(ref added);
            _handle = handle;
            Context = handle.DangerousGetHandle();
        }

        public nint Context { get; }

        public void Dispose() => _handle.DangerousRelease();
    }
}
