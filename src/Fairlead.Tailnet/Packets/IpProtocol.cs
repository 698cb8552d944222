namespace Fairlead.Tailnet.Packets;

/// <summary>Protocol numbers of the IP header (IANA "Assigned Internet Protocol Numbers"), and next-header numbers of IPv6 extensions.</summary>
internal static class IpProtocol
{
    public const byte HopByHop = 0;
    public const byte IcmpV4 = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Routing = 43;
    public const byte Fragment = 44;
    public const byte IcmpV6 = 58;

    /// <summary>Nothing follows an extension header.</summary>
    public const byte NoNext = 59;

    public const byte DestinationOptions = 60;

    /// <summary>Messages between tailnet nodes themselves, inside the tunnel ("any private encryption scheme" for IANA).</summary>
    public const byte Tsmp = 99;
}
