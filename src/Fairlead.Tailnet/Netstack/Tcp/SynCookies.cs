using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// Handshakes without memory (RFC 4987 section 3.6): the initial sequence number is a keyed hash over the flow, the peer's number, the
/// minute and what is to be kept of the SYN: three bits of segment size there, and in the low bits of our timestamp, if the peer has them,
/// window scale and SACK.
/// </summary>
internal sealed class SynCookies(SequenceNumberGenerator numbers, StackClock clock)
{
    private const long Period = 64 * StackClock.Second;
    private const int OldestPeriod = 2;
    private const int MssBits = 3;
    private const uint MssMask = (1 << MssBits) - 1;
    private const uint OptionBits = 6;
    private const uint OptionMask = (1 << (int)OptionBits) - 1;
    private const uint NoScale = 15;
    private const uint SackBit = 16;
    private const uint MarkBit = 32;

    // The next below what the peer asks for. The least that connections know, so that none is restored larger than it was; two for links of
    // few octets; the defaults of IPv4 and IPv6; a tailnet's; and Ethernet's under IPv6 and IPv4.
    private static readonly ushort[] Sizes = [PeerMss.Least, 216, 376, 536, 1220, 1240, 1440, 1460];

    /// <summary>Our initial sequence number.</summary>
    /// <param name="mss">The SYN's option; 0 without one.</param>
    public uint Create(in FlowKey key, uint peerInitial, ushort mss)
    {
        mss = PeerMss.Of(mss, key.Remote.IsV4);
        var index = Sizes.Length - 1;
        while (index > 0 && Sizes[index] > mss)
        {
            index--;
        }

        return Number(key, peerInitial, Now(), (uint)index);
    }

    /// <summary>The timestamp to send with it: up to 64 ms behind, with options in its low bits.</summary>
    public static uint EncodeTimestamp(uint timestamp, in TcpOptionList options)
    {
        var scale = options.WindowScale < 0 ? NoScale : (uint)options.WindowScale;
        var kept = MarkBit | scale | (options.SackPermitted ? SackBit : 0);
        var encoded = (timestamp & ~OptionMask) | kept;
        return Sequence.After(encoded, timestamp) ? encoded - (1u << (int)OptionBits) : encoded;
    }

    /// <summary>Whether an acknowledgement completes a handshake of ours.</summary>
    public bool TryRead(in FlowKey key, in TcpSegment acknowledgement, out SynCookie cookie)
    {
        var peerInitial = acknowledgement.SequenceNumber - 1;
        var number = acknowledgement.Acknowledgement - 1;
        var now = Now();
        for (var age = 0; age < OldestPeriod && age <= now; age++)
        {
            for (uint index = 0; index < Sizes.Length; index++)
            {
                if (Number(key, peerInitial, now - age, index) == number)
                {
                    cookie = Restore(Sizes[index], acknowledgement.Options);
                    return true;
                }
            }
        }

        cookie = default;
        return false;
    }

    private static SynCookie Restore(ushort mss, in TcpOptionList options)
    {
        if (!options.HasTimestamps || (options.TimestampEcho & MarkBit) == 0)
        {
            return new SynCookie(mss, -1, false, false);
        }

        var scale = options.TimestampEcho & NoScale;
        return new SynCookie(mss, scale == NoScale ? (sbyte)-1 : (sbyte)scale, (options.TimestampEcho & SackBit) != 0, true);
    }

    private long Now() => clock.Now / Period;

    private uint Number(in FlowKey key, uint peerInitial, long period, uint index)
    {
        var hash = numbers.Hash(key, ((ulong)peerInitial << 32) | ((ulong)(uint)period << MssBits) | index);
        return ((uint)hash & ~MssMask) | index;
    }
}
