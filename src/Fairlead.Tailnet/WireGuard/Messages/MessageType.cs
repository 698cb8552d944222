namespace Fairlead.Tailnet.WireGuard.Messages;

/// <summary>First byte of a WireGuard message; the three that follow are zero (whitepaper, 5.4).</summary>
internal enum MessageType : byte
{
    HandshakeInitiation = 1,
    HandshakeResponse = 2,
    CookieReply = 3,
    TransportData = 4,
}
