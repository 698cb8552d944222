using System.Globalization;
using System.Net;

namespace Fairlead.Tailnet.Names;

/// <summary>Names of reverse look-ups (RFC 1035, 3.5; RFC 3596, 2.5).</summary>
internal static class ReverseName
{
    private const string IPv4Suffix = ".in-addr.arpa";
    private const string IPv6Suffix = ".ip6.arpa";

    public static bool TryParse(string name, out IPAddress address)
    {
        address = IPAddress.None;
        if (name.EndsWith(IPv4Suffix, StringComparison.Ordinal))
        {
            var labels = name[..^IPv4Suffix.Length].Split('.');
            Array.Reverse(labels);
            var octets = new byte[4];
            if (labels.Length != 4)
            {
                return false;
            }

            for (var i = 0; i < 4; i++)
            {
                if (!byte.TryParse(labels[i], NumberStyles.None, CultureInfo.InvariantCulture, out octets[i]))
                {
                    return false;
                }
            }

            address = new IPAddress(octets);
            return true;
        }

        if (!name.EndsWith(IPv6Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        var nibbles = name[..^IPv6Suffix.Length];
        Span<char> digits = stackalloc char[32];
        if (nibbles.Length != 63)
        {
            return false;
        }

        for (var i = 0; i < 32; i++)
        {
            digits[31 - i] = nibbles[i * 2];
            if (i < 31 && nibbles[(i * 2) + 1] != '.')
            {
                return false;
            }
        }

        Span<byte> bytes = stackalloc byte[16];
        if (Convert.FromHexString(digits, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        address = new IPAddress(bytes);
        return true;
    }
}
