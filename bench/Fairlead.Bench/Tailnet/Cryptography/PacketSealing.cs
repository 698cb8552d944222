using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Bench.Tailnet.Cryptography;

/// <summary>One packet sealed or opened. Baseline: the base class library's cipher, which is the same code of OpenSSL below.</summary>
public class PacketSealing
{
    // Static: the harness makes instances that nothing disposes of.
    private static readonly byte[] Key = new byte[ChaCha20Poly1305Cipher.KeySize];
    private static readonly ChaCha20Poly1305 Library = new(Key);
    private static readonly ChaCha20Poly1305Cipher Cipher = new(Key);

    private readonly byte[] _nonce = new byte[ChaCha20Poly1305Cipher.NonceSize];
    private byte[] _packet = [];
    private byte[] _message = [];
    private byte[] _opened = [];
    private ulong _counter;

    /// <summary>An acknowledgement, and a full packet of the tailnet's MTU.</summary>
    [Params(64, 1280)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _packet = new byte[Length];
        _opened = new byte[Length];
        _message = new byte[Length + ChaCha20Poly1305Cipher.TagSize];
        Cipher.Seal(0, _packet, _message);
    }

    [Benchmark(Baseline = true)]
    public void LibrarySeal() => Library.Encrypt(_nonce, _packet, _message.AsSpan(0, Length), _message.AsSpan(Length));

    [Benchmark]
    public void Seal() => Cipher.Seal(_counter++, _packet, _message);

    [Benchmark]
    public bool LibrarySealAndOpen()
    {
        Library.Encrypt(_nonce, _packet, _message.AsSpan(0, Length), _message.AsSpan(Length));
        Library.Decrypt(_nonce, _message.AsSpan(0, Length), _message.AsSpan(Length), _opened);
        return true;
    }

    [Benchmark]
    public bool SealAndOpen()
    {
        Cipher.Seal(0, _packet, _message);
        return Cipher.TryOpen(0, _message, _opened);
    }
}
