using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Names;

/// <summary>
/// Names such as <c>10-1-2-3-via-7</c>: the IPv4 address 10.1.2.3 of site 7, as an IPv6 address of fd7a:115c:a1e0:b1a::/64, so that sites
/// with the same private addresses can be told apart ("4via6").
/// </summary>
public static class SiteAddressName
{
    /// <summary>Where all these addresses lie.</summary>
    public static readonly IPNetwork Range = IPNetwork.Parse("fd7a:115c:a1e0:b1a::/64");

    /// <param name="name">Lower case; with the tailnet's domain or without.</param>
    /// <param name="suffix">That domain.</param>
    public static bool TryParse(string name, string suffix, out IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(suffix);
        address = IPAddress.None;
        if (suffix.Length > 0 && name.Length > suffix.Length && DnsName.IsWithin(name, suffix))
        {
            name = name[..^(suffix.Length + 1)];
        }

        const string Marker = "-via-";
        const string DottedMarker = ".via-";
        var at = Math.Max(name.LastIndexOf(Marker, StringComparison.Ordinal), name.LastIndexOf(DottedMarker, StringComparison.Ordinal));
        if (at <= 0
            || !uint.TryParse(name.AsSpan(at + Marker.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var site)
            || !IPAddress.TryParse(name.AsSpan(0, at).ToString().Replace('-', '.'), out var inner)
            || inner.AddressFamily != AddressFamily.InterNetwork
            || name.AsSpan(0, at).CountAny('.', '-') != 3)
        {
            return false;
        }

        Span<byte> bytes = [0xFD, 0x7A, 0x11, 0x5C, 0xA1, 0xE0, 0x0B, 0x1A, (byte)(site >> 24), (byte)(site >> 16), (byte)(site >> 8), (byte)site, 0, 0, 0, 0];
        inner.TryWriteBytes(bytes[12..], out _);
        address = new IPAddress(bytes);
        return true;
    }
}
