namespace Fairlead.Tailnet.WireGuard;

/// <summary>How it stands with a peer.</summary>
/// <param name="LastHandshake">When the newest session was agreed on; null if there was none yet.</param>
/// <param name="HasSession">Whether a packet could be sent at once.</param>
/// <param name="SentBytes">Bytes of messages, of all kinds.</param>
/// <param name="ReceivedBytes">Bytes of genuine messages, of all kinds.</param>
public readonly record struct WireGuardPeerStatus(DateTimeOffset? LastHandshake, bool HasSession, long SentBytes, long ReceivedBytes);
