using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Fuzzing.Derp;

/// <summary>The sealed JSON of a client's and a server's introduction. The input is the JSON: mutated boxes would hardly ever open.</summary>
internal sealed class DerpInfoTarget : IFuzzTarget
{
    private readonly PrivateKey _server = new([.. Enumerable.Range(1, PrivateKey.Size).Select(i => (byte)i)]);
    private readonly NodePrivateKey _node = new(new PrivateKey([.. Enumerable.Range(2, PrivateKey.Size).Select(i => (byte)i)]));
    private readonly NaclBox _box;

    public DerpInfoTarget() => _box = new NaclBox(_node.Key, _server.PublicKey);

    public string Name => "derp-info";

    public IEnumerable<byte[]> Seeds =>
    [
        [.. """{"version":2,"meshKey":"x","CanAckPings":true,"IsProber":false,"AppName":"a"}"""u8],
        [.. """{"version":2,"TokenBucketBytesPerSecond":1000,"TokenBucketBytesBurst":2000}"""u8],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var payload = new byte[PublicKey.Size + NaclBox.NonceSize + NaclBox.Overhead + input.Length];
        _node.PublicKey.Key.CopyTo(payload);
        var nonce = payload.AsSpan(PublicKey.Size, NaclBox.NonceSize);
        _box.Seal(nonce, input, payload.AsSpan(PublicKey.Size + NaclBox.NonceSize));
        DerpHandshake.TryReadClientInfo(_server, payload, out _, out _);
        DerpHandshake.TryReadServerInfo(_node, _server.PublicKey, payload.AsSpan(PublicKey.Size), out _);
        DerpHandshake.TryReadClientInfo(_server, input, out _, out _);
    }
}
