namespace Fairlead.Tailnet.WireGuard.Handshake;

/// <summary>What a handshake ends in: a key for each direction. To be wiped when the ciphers have them.</summary>
internal struct TransportKeys
{
    /// <summary>The initiator seals with it.</summary>
    public Bytes32 Initiator;

    /// <summary>The responder seals with it.</summary>
    public Bytes32 Responder;

    public void Wipe()
    {
        Initiator.Wipe();
        Responder.Wipe();
    }
}
