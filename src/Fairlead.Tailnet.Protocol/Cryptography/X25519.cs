using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>X25519 of RFC 7748, by OpenSSL.</summary>
internal static unsafe class X25519
{
    public static LibCryptoKeyHandle Import(ReadOnlySpan<byte> privateKey)
    {
        fixed (byte* bytes = privateKey)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_private_key(LibCrypto.X25519, 0, bytes, (nuint)privateKey.Length);
            return key == 0 ? throw LibCrypto.Failure(nameof(LibCrypto.EVP_PKEY_new_raw_private_key)) : new LibCryptoKeyHandle(key);
        }
    }

    public static PublicKey PublicKeyOf(LibCryptoKeyHandle privateKey)
    {
        var bytes = stackalloc byte[PublicKey.Size];
        nuint length = PublicKey.Size;
        var used = false;
        try
        {
            privateKey.DangerousAddRef(ref used);
            if (LibCrypto.EVP_PKEY_get_raw_public_key(privateKey.DangerousGetHandle(), bytes, &length) != 1)
            {
                throw LibCrypto.Failure(nameof(LibCrypto.EVP_PKEY_get_raw_public_key));
            }
        }
        finally
        {
            if (used)
            {
                privateKey.DangerousRelease();
            }
        }

        return new PublicKey(new ReadOnlySpan<byte>(bytes, PublicKey.Size));
    }

    public static bool TryAgree(LibCryptoKeyHandle privateKey, in PublicKey publicKey, Span<byte> sharedSecret)
    {
        var bytes = stackalloc byte[PublicKey.Size];
        publicKey.CopyTo(new Span<byte>(bytes, PublicKey.Size));
        nint peer = 0;
        nint context = 0;
        var used = false;
        try
        {
            privateKey.DangerousAddRef(ref used);
            peer = LibCrypto.EVP_PKEY_new_raw_public_key(LibCrypto.X25519, 0, bytes, PublicKey.Size);
            context = LibCrypto.EVP_PKEY_CTX_new(privateKey.DangerousGetHandle(), 0);
            if (peer == 0 || context == 0 || LibCrypto.EVP_PKEY_derive_init(context) != 1 || LibCrypto.EVP_PKEY_derive_set_peer(context, peer) != 1)
            {
                throw LibCrypto.Failure(nameof(LibCrypto.EVP_PKEY_derive_set_peer));
            }

            return Derive(context, sharedSecret);
        }
        finally
        {
            LibCrypto.EVP_PKEY_CTX_free(context);
            LibCrypto.EVP_PKEY_free(peer);
            if (used)
            {
                privateKey.DangerousRelease();
            }
        }
    }

    // OpenSSL refuses an agreement of all zeros (RFC 7748, 6.1); nothing else can fail here.
    private static bool Derive(nint context, Span<byte> sharedSecret)
    {
        nuint length = PrivateKey.Size;
        fixed (byte* secret = sharedSecret)
        {
            if (LibCrypto.EVP_PKEY_derive(context, secret, &length) == 1)
            {
                return true;
            }
        }

        LibCrypto.ERR_clear_error();
        CryptographicOperations.ZeroMemory(sharedSecret);
        return false;
    }
}
