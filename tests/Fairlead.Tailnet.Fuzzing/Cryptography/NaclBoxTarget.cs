using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Fuzzing.Cryptography;

/// <summary>Boxes to open: only those that were sealed here do, and what comes out seals to the same again.</summary>
internal sealed class NaclBoxTarget : IFuzzTarget
{
    private readonly NaclBox _box;
    private readonly byte[] _nonce = new byte[NaclBox.NonceSize];

    public NaclBoxTarget()
    {
        using var key = new PrivateKey([.. Enumerable.Range(1, PrivateKey.Size).Select(i => (byte)i)]);
        _box = new NaclBox(key, key.PublicKey);
    }

    public string Name => "nacl-box";

    public IEnumerable<byte[]> Seeds => [Seal(0), Seal(33), Seal(200)];

    public void Run(ReadOnlySpan<byte> input)
    {
        var message = new byte[input.Length];
        if (_box.TryOpen(_nonce, input, message))
        {
            var again = new byte[input.Length];
            _box.Seal(_nonce, message.AsSpan(0, input.Length - NaclBox.Overhead), again);
            if (!input.SequenceEqual(again))
            {
                throw new InvalidOperationException("A box was opened that is not the one sealed.");
            }
        }
    }

    private byte[] Seal(int length)
    {
        var box = new byte[length + NaclBox.Overhead];
        _box.Seal(_nonce, new byte[length], box);
        return box;
    }
}
