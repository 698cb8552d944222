namespace Fairlead.Tailnet.WireGuard.Messages;

/// <summary>Layout of the message a peer under load answers with (whitepaper, 5.4.7).</summary>
internal static class CookieReply
{
    public const int Size = 64;

    public const int Receiver = 4;

    public static Range Nonce => 8..32;

    /// <summary>A cookie, sealed.</summary>
    public static Range Cookie => 32..64;
}
