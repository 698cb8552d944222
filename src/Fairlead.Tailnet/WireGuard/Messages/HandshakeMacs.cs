namespace Fairlead.Tailnet.WireGuard.Messages;

/// <summary>Layout of the end of both handshake messages (whitepaper, 5.4.4).</summary>
internal static class HandshakeMacs
{
    /// <summary>Length of one code, and of a cookie.</summary>
    public const int Size = 16;

    /// <summary>What the first code is of: everything before it.</summary>
    public static Range BeforeFirst => ..^(2 * Size);

    /// <summary>Code under a key that anyone who knows the receiver's public key can derive.</summary>
    public static Range First => ^(2 * Size)..^Size;

    /// <summary>What the second code is of: everything before it.</summary>
    public static Range BeforeSecond => ..^Size;

    /// <summary>Code under the cookie; zero without one.</summary>
    public static Range Second => ^Size..;
}
