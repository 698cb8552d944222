using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.WireGuard.Cookies;

/// <summary>What follows from the public key of the receiver of a handshake message (whitepaper, 5.4.4 and 5.4.7).</summary>
internal sealed class MacKeys
{
    private Bytes32 _first;
    private Bytes32 _cookie;

    public MacKeys(in PublicKey receiver)
    {
        Bytes32 key = default;
        receiver.CopyTo(key);
        Blake2s.Hash("mac1----"u8, key, _first);
        Blake2s.Hash("cookie--"u8, key, _cookie);
    }

    /// <summary>Key that cookies of the receiver are sealed with.</summary>
    public ReadOnlySpan<byte> Cookie => _cookie;

    /// <summary>Writes the first code, which shows that the sender knows whom it writes to.</summary>
    public void Sign(Span<byte> message) => Blake2s.Mac(_first, message[HandshakeMacs.BeforeFirst], message[HandshakeMacs.First]);

    public bool IsSigned(ReadOnlySpan<byte> message)
    {
        Span<byte> expected = stackalloc byte[HandshakeMacs.Size];
        Blake2s.Mac(_first, message[HandshakeMacs.BeforeFirst], expected);
        return CryptographicOperations.FixedTimeEquals(expected, message[HandshakeMacs.First]);
    }
}
