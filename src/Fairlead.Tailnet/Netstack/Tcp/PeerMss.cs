namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>The largest segment that a peer takes, from what its SYN says of it.</summary>
internal static class PeerMss
{
    /// <summary>Below it headers outweigh data; what asks for less is an attack, and gets this.</summary>
    public const int Least = 88;

    // What an IPv4 or IPv6 host must take without being asked (RFC 9293 section 3.7.1).
    private const ushort DefaultV4 = 536;
    private const ushort DefaultV6 = 1220;

    /// <param name="asked">The SYN's option; 0 without one.</param>
    public static ushort Of(ushort asked, bool isV4) => Math.Max((ushort)Least, asked != 0 ? asked : isV4 ? DefaultV4 : DefaultV6);
}
