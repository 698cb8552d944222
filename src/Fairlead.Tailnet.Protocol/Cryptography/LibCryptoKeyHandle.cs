using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>An EVP_PKEY. OpenSSL wipes a private key when it is freed.</summary>
internal sealed class LibCryptoKeyHandle : SafeHandle
{
    public LibCryptoKeyHandle(nint key)
        : base(0, ownsHandle: true) => SetHandle(key);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}
