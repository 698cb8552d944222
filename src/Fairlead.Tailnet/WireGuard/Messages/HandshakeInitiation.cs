namespace Fairlead.Tailnet.WireGuard.Messages;

/// <summary>Layout of the first message (whitepaper, 5.4.2).</summary>
internal static class HandshakeInitiation
{
    public const int Size = 148;

    public const int Sender = 4;

    public static Range Ephemeral => 8..40;

    /// <summary>The initiator's static public key, sealed.</summary>
    public static Range Static => 40..88;

    /// <summary>A <see cref="Handshake.Tai64N"/>, sealed.</summary>
    public static Range Timestamp => 88..116;
}
