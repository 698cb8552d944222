using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Filtering;

/// <summary>All addresses from one to another, both included, as <see cref="MappedAddress"/> numbers.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    public static readonly AddressRange Everything = new(UInt128.MinValue, UInt128.MaxValue);

    private static readonly AddressRange IPv4 = new(MappedAddress.Prefix, MappedAddress.Prefix | uint.MaxValue);

    public static AddressRange Of(IPAddress address)
    {
        var value = MappedAddress.From(address);
        return new AddressRange(value, value);
    }

    public static AddressRange Of(IPNetwork network)
    {
        var hostBits = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        var first = MappedAddress.From(network.BaseAddress);
        return new AddressRange(first, hostBits == 128 ? UInt128.MaxValue : first | ((UInt128.One << hostBits) - 1));
    }

    /// <summary>
    /// What lies in a range of one family. The numbers of IPv4 addresses lie amid those of IPv6 addresses: a range of these that goes round
    /// them is two.
    /// </summary>
    public static AddressRange[] OfFamily(bool isIPv4, UInt128 first, UInt128 last)
    {
        if (isIPv4 || last < IPv4.First || first > IPv4.Last)
        {
            return [new AddressRange(first, last)];
        }

        AddressRange[] parts = [new(first, IPv4.First - 1), new(IPv4.Last + 1, last)];
        return [.. parts.Where(part => part.First <= part.Last)];
    }

    /// <summary><c>*</c>, an address, a prefix whose host bits may be set, or <c>first-last</c>. All but the first name addresses of one family.</summary>
    public static bool TryParse(string text, out AddressRange[] ranges)
    {
        ranges = text == "*" ? [Everything] : Parse(text);
        return ranges.Length > 0;
    }

    private static AddressRange[] Parse(string text)
    {

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash >= 0)
        {
            if (!IPAddress.TryParse(text.AsSpan(0, dash), out var first)
                || !IPAddress.TryParse(text.AsSpan(dash + 1), out var last)
                || first.AddressFamily != last.AddressFamily)
            {
                return [];
            }

            var (low, high) = (MappedAddress.From(first), MappedAddress.From(last));
            return low <= high ? OfFamily(first.AddressFamily == AddressFamily.InterNetwork, low, high) : [];
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return [];
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && !(int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out prefix) && prefix <= bits))
        {
            return [];
        }

        var value = MappedAddress.From(address);
        var hostMask = bits - prefix == 128 ? UInt128.MaxValue : (UInt128.One << (bits - prefix)) - 1;
        return OfFamily(bits == 32, value & ~hostMask, value | hostMask);
    }
}
