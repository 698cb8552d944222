using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.Fuzzing.WireGuard;

/// <summary>
/// Every message that a device takes. Handshake messages are signed anew after they were damaged: anyone who knows the public key can, and
/// without it the first check would stop nearly all of them.
/// </summary>
internal sealed class WireGuardMessageTarget : IFuzzTarget
{
    private readonly WireGuardPair _pair = new();

    public string Name => "wireguard-message";

    public IEnumerable<byte[]> Seeds =>
    [
        _pair.Initiation,
        _pair.Response,
        _pair.Data,
        [(byte)MessageType.CookieReply, 0, 0, 0, .. _pair.Initiation.AsSpan(4, 4), .. new byte[56]],
        [(byte)MessageType.TransportData, 0, 0, 0],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var message = input.ToArray();
        _pair.A.Receive(message, WireGuardPair.Somewhere);
        Sign(message);
        _pair.B.Receive(message, WireGuardPair.Somewhere);
        _pair.B.EndOfBatch();
    }

    private void Sign(byte[] message)
    {
        if (message.Length is HandshakeInitiation.Size or HandshakeResponse.Size)
        {
            _pair.B.Identity.Macs.Sign(message);
        }
    }
}
