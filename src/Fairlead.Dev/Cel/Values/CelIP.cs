using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Dev.Cel.Values;

/// <summary>An IPv4 or IPv6 address; zones and IPv4-mapped IPv6 addresses are none.</summary>
internal sealed class CelIP(byte[] octets) : CelOpaque
{
    private static readonly SearchValues<char> V6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Four octets or sixteen.</summary>
    public ReadOnlySpan<byte> Octets => octets;

    public override CelKind Kind => CelKind.IP;

    public bool IsV4 => octets.Length == 4;

    public bool IsUnspecified => !octets.AsSpan().ContainsAnyExcept((byte)0);

    public bool IsLoopback => IsV4 ? octets[0] == 127 : octets[15] == 1 && !octets.AsSpan(0, 15).ContainsAnyExcept((byte)0);

    public bool IsMulticast => IsV4 ? (octets[0] & 0xF0) == 0xE0 : octets[0] == 0xFF;

    public bool IsLinkLocalMulticast => IsV4
        ? octets is [224, 0, 0, _]
        : octets[0] == 0xFF && (octets[1] & 0x0F) == 2;

    public bool IsLinkLocalUnicast => IsV4
        ? octets is [169, 254, _, _]
        : octets[0] == 0xFE && (octets[1] & 0xC0) == 0x80;

    public bool IsGlobalUnicast =>
        !(IsV4 && octets is [255, 255, 255, 255]) && !IsUnspecified && !IsLoopback && !IsMulticast && !IsLinkLocalUnicast;

    public static bool TryParse(string text, [NotNullWhen(true)] out CelIP? address)
    {
        var octets = text.Contains(':', StringComparison.Ordinal) ? V6(text) : V4(text);
        address = octets is null ? null : new CelIP(octets);
        return address is not null;
    }

    public override bool EqualsOpaque(CelOpaque other) => other is CelIP ip && ip.Octets.SequenceEqual(octets);

    /// <summary>The canonical text: lower case, and the longest run of two or more zero groups as <c>::</c>.</summary>
    public override string ToString()
    {
        if (IsV4)
            return string.Create(CultureInfo.InvariantCulture, $"{octets[0]}.{octets[1]}.{octets[2]}.{octets[3]}");
        var (start, length) = LongestZeros();
        var text = new StringBuilder();
        for (var group = 0; group < 8; group++)
        {
            if (group == start)
            {
                text.Append("::");
                group += length - 1;
                continue;
            }
            if (text.Length > 0 && text[^1] != ':')
                text.Append(':');
            text.Append(((octets[group * 2] << 8) | octets[(group * 2) + 1]).ToString("x", CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    private (int Start, int Length) LongestZeros()
    {
        (int Start, int Length) best = (-1, 1);
        for (var start = 0; start < 8; start++)
        {
            var length = 0;
            while (start + length < 8 && octets[(start + length) * 2] == 0 && octets[((start + length) * 2) + 1] == 0)
                length++;
            if (length > best.Length)
                best = (start, length);
        }
        return best;
    }

    private static byte[]? V4(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 4)
            return null;
        var octets = new byte[4];
        for (var i = 0; i < 4; i++)
        {
            var leadingZero = parts[i].Length > 1 && parts[i][0] == '0';
            if (leadingZero || !byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out octets[i]))
                return null;
        }
        return octets;
    }

    // The framework's parser takes brackets, zones and prefix lengths too, which are no part of an address here.
    private static byte[]? V6(string text) =>
        !text.AsSpan().ContainsAnyExcept(V6Characters)
        && IPAddress.TryParse(text, out var address)
        && address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? address.GetAddressBytes()
            : null;
}
