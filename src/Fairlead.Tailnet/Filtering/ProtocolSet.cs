using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Filtering;

/// <summary>A set of IP protocol numbers.</summary>
internal readonly record struct ProtocolSet(UInt128 Low, UInt128 High)
{
    /// <summary>What a rule without a list of protocols speaks of.</summary>
    public static readonly ProtocolSet Usual = Of([IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.IcmpV4, IpProtocol.IcmpV6]);

    public static ProtocolSet Of(IEnumerable<int> protocols)
    {
        UInt128 low = 0, high = 0;
        foreach (var protocol in protocols)
        {
            if (protocol is >= 0 and < 128)
            {
                low |= UInt128.One << protocol;
            }
            else if (protocol is >= 128 and < 256)
            {
                high |= UInt128.One << (protocol - 128);
            }
        }

        return new ProtocolSet(low, high);
    }

    public bool Contains(byte protocol) =>
        (((protocol < 128 ? Low : High) >> (protocol & 127)) & UInt128.One) != UInt128.Zero;
}
