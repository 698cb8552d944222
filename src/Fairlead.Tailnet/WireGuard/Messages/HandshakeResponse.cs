namespace Fairlead.Tailnet.WireGuard.Messages;

/// <summary>Layout of the second message (whitepaper, 5.4.3).</summary>
internal static class HandshakeResponse
{
    public const int Size = 92;

    public const int Sender = 4;

    public const int Receiver = 8;

    public static Range Ephemeral => 12..44;

    /// <summary>Nothing, sealed.</summary>
    public static Range Empty => 44..60;
}
