using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>An EVP_CIPHER_CTX. OpenSSL wipes the key in it when it is freed.</summary>
internal sealed class LibCryptoCipherHandle : SafeHandle
{
    public LibCryptoCipherHandle()
        : base(0, ownsHandle: true) => SetHandle(LibCrypto.EVP_CIPHER_CTX_new());

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
