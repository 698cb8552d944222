using System.Net;

namespace Fairlead.Dev.Tailnet;

/// <summary>
/// Tailnet addresses, one IPv4 and one IPv6 at a time, never given twice: 100.64.0.0/10 and fd7a:115c:a1e0::/48 are the
/// ranges of every tailnet.
/// </summary>
internal sealed class AddressPool
{
    private int _last;

    public IReadOnlyList<string> Next()
    {
        var n = Interlocked.Increment(ref _last);
        // The /10 has 22 host bits.
        if (n >= 1 << 22) throw new InvalidOperationException("The embedded tailnet has given out all of its addresses.");
        var v4 = new IPAddress([100, (byte)(64 + (n >> 16)), (byte)(n >> 8), (byte)n]);
        var v6 = IPAddress.Parse($"fd7a:115c:a1e0::{n >> 16:x}:{n & 0xffff:x}");
        return [v4.ToString(), v6.ToString()];
    }
}
