using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>The functions of OpenSSL 3's libcrypto that are used here, under their own names.</summary>
internal static unsafe partial class LibCrypto
{
    /// <summary>EVP_PKEY_X25519 of openssl/evp.h.</summary>
    public const int X25519 = 1034;

    private const string Library = "libcrypto.so.3";

    /// <summary>The same library's name on other systems, tried when <see cref="Library"/> is not there.</summary>
    private static readonly string[] OtherNames = ["libcrypto.3.dylib", "libcrypto-3-x64.dll"];

    static LibCrypto() => NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_get_raw_public_key(nint key, byte* destination, nuint* length);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY_CTX_new(nint key, nint engine);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_init(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_set_peer(nint context, nint peer);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive(nint context, byte* secret, nuint* length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_CIPHER_fetch(nint library, string algorithm, nint properties);

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_EncryptInit_ex2(nint context, nint cipher, byte* key, byte* nonce, ParameterEntry* parameters);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_DecryptInit_ex2(nint context, nint cipher, byte* key, byte* nonce, ParameterEntry* parameters);

    /// <summary>To be called with a bounded input only: the garbage collector cannot stop the thread meanwhile.</summary>
    [LibraryImport(Library, EntryPoint = "EVP_CipherUpdate")]
    [SuppressGCTransition]
    public static partial int EVP_CipherUpdateShort(nint context, byte* destination, int* written, byte* source, int length);

    [LibraryImport(Library)]
    public static partial int EVP_CipherUpdate(nint context, byte* destination, int* written, byte* source, int length);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_CipherFinal_ex(nint context, byte* destination, int* written);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int EVP_CIPHER_CTX_get_params(nint context, ParameterEntry* parameters);

    [LibraryImport(Library)]
    public static partial void ERR_clear_error();

    /// <summary>Clears the thread's error queue, so that nothing of this failure is found by a later caller, and makes an exception.</summary>
    public static CryptographicException Failure(string function)
    {
        ERR_clear_error();
        return new CryptographicException($"OpenSSL's {function} failed.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        if (NativeLibrary.TryLoad(Library, assembly, path, out var handle)
            || OtherNames.Any(other => NativeLibrary.TryLoad(other, assembly, path, out handle)))
        {
            return handle;
        }

        throw new DllNotFoundException(
            $"{Library} of OpenSSL 3 is needed and was not found. Install it: package libssl3 on Debian and Ubuntu, libcrypto3 on Alpine, openssl-libs on Fedora.");
    }

    /// <summary>OSSL_PARAM of openssl/params.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ParameterEntry
    {
        /// <summary>OSSL_PARAM_OCTET_STRING.</summary>
        public const uint OctetString = 5;

        public byte* Key;
        public uint DataType;
        public void* Data;
        public nuint DataSize;
        public nuint ReturnSize;
    }
}
