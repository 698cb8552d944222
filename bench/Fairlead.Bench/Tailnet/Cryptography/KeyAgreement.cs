using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Bench.Tailnet.Cryptography;

/// <summary>X25519 with a key at hand, and a new key. Baseline: the base class library's agreement on P-256, the curve of TLS.</summary>
public class KeyAgreement
{
    // Static: the harness makes instances that nothing disposes of.
    private static readonly ECDiffieHellman LibraryKey = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECDiffieHellman LibraryPeer = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private static readonly PrivateKey Key = PrivateKey.Generate();
    private static readonly PrivateKey Peer = PrivateKey.Generate();

    private byte[] _secret = new byte[PrivateKey.Size];

    [Benchmark(Baseline = true)]
    public byte[] LibraryAgreement()
    {
        using var peer = LibraryPeer.PublicKey;
        return _secret = LibraryKey.DeriveRawSecretAgreement(peer);
    }

    [Benchmark]
    public bool Agreement() => Key.TryAgree(Peer.PublicKey, _secret);

    [Benchmark]
    public void NewKey()
    {
        using var key = PrivateKey.Generate();
        key.PublicKey.CopyTo(_secret);
    }
}
