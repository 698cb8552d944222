using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Protocol.Control.Json;

/// <summary>Addresses as the control protocol writes them. The platform's parser also takes 1-, 2- and 3-part, octal and bracketed forms, which would mean something else to other implementations.</summary>
internal static class StrictAddress
{
    /// <summary>Longest text of an address: an IPv6 address with an embedded IPv4 one, without zone.</summary>
    private const int MaxLength = 45;

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        // Zones have a meaning on the sender's machine only.
        var zone = text.IndexOf('%');
        if (zone >= 0) text = text[..zone];
        if (text.Length is 0 or > MaxLength || text.ContainsAny('[', ']')) return false;
        if (text.Contains(':')) return IPAddress.TryParse(text, out address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        return IsDottedQuad(text) && IPAddress.TryParse(text, out address);
    }

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || part.ContainsAnyExceptInRange('0', '9')) return false;
        }

        return parts == 4;
    }
}
