using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Bench.Tailnet.Cryptography;

/// <summary>Hashes of what handshakes hash, and a box of path discovery. Baseline: SHA-256 of the base class library, with the processor's help.</summary>
public class ShortHashing
{
    // Static: the harness makes instances that nothing disposes of.
    private static readonly PrivateKey Key = PrivateKey.Generate();
    private static readonly NaclBox Box = new(Key, Key.PublicKey);

    private readonly byte[] _input = new byte[64];
    private readonly byte[] _hash = new byte[Blake2s.HashSize];
    private readonly byte[] _second = new byte[Blake2s.HashSize];
    private readonly byte[] _nonce = new byte[NaclBox.NonceSize];
    private readonly byte[] _box = new byte[64 + NaclBox.Overhead];

    [Benchmark(Baseline = true)]
    public int Sha256() => SHA256.HashData(_input, _hash);

    [Benchmark]
    public void Hash() => Blake2s.Hash(_input, _hash);

    [Benchmark]
    public void Mac() => Blake2s.Mac(_hash, _input, _second);

    [Benchmark]
    public void TwoKeys() => HkdfBlake2s.Derive(_hash, _input, _hash, _second);

    [Benchmark]
    public void SealBox() => Box.Seal(_nonce, _input, _box);
}
