namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Comparison of sequence numbers, which wrap (RFC 9293 section 3.4): right while they are less than 2^31 apart.</summary>
internal static class Sequence
{
    public static bool Before(uint left, uint right) => (int)(left - right) < 0;

    public static bool AtOrBefore(uint left, uint right) => (int)(left - right) <= 0;

    public static bool After(uint left, uint right) => (int)(left - right) > 0;

    public static bool AtOrAfter(uint left, uint right) => (int)(left - right) >= 0;

    public static uint Later(uint left, uint right) => After(left, right) ? left : right;

    public static uint Earlier(uint left, uint right) => Before(left, right) ? left : right;
}
