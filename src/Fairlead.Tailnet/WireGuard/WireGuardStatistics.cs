namespace Fairlead.Tailnet.WireGuard;

/// <summary>What a <see cref="WireGuardDevice"/> dropped or did besides carrying packets, since it was made.</summary>
/// <param name="UnroutablePackets">Packets to send that no peer takes, or that are no IP packets of at most the MTU.</param>
/// <param name="UnsentPackets">Packets that waited for a session which did not come, or found no room to wait.</param>
/// <param name="SpoofedPackets">Packets of a peer from an address that is not its own, or that are no IP packets.</param>
/// <param name="InvalidMessages">Messages that are malformed, forged, replayed, or for nobody here.</param>
/// <param name="CookiesAsked">Handshakes that were answered with a request for proof of the address.</param>
/// <param name="HandshakesRefused">Handshakes dropped for their number.</param>
/// <param name="Handshakes">Handshakes that led to a session, begun by either side.</param>
public readonly record struct WireGuardStatistics(
    long UnroutablePackets,
    long UnsentPackets,
    long SpoofedPackets,
    long InvalidMessages,
    long CookiesAsked,
    long HandshakesRefused,
    long Handshakes);
