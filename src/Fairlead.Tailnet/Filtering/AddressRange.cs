using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Filtering;

/// <summary>All addresses from one to another, both included, as <see cref="MappedAddress"/> numbers.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    public static readonly AddressRange Everything = new(UInt128.MinValue, UInt128.MaxValue);

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

    /// <summary><c>*</c>, an address, a prefix whose host bits may be set, or <c>first-last</c>.</summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        range = Everything;
        if (text == "*")
        {
            return true;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash >= 0)
        {
            if (!IPAddress.TryParse(text.AsSpan(0, dash), out var first)
                || !IPAddress.TryParse(text.AsSpan(dash + 1), out var last)
                || first.AddressFamily != last.AddressFamily)
            {
                return false;
            }

            range = new AddressRange(MappedAddress.From(first), MappedAddress.From(last));
            return range.First <= range.Last;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out var address))
        {
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && !(int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out prefix) && prefix <= bits))
        {
            return false;
        }

        var value = MappedAddress.From(address);
        var hostMask = bits - prefix == 128 ? UInt128.MaxValue : (UInt128.One << (bits - prefix)) - 1;
        range = new AddressRange(value & ~hostMask, value | hostMask);
        return true;
    }
}
