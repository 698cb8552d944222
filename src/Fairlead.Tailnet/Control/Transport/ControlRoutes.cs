using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>Which ways lead to a coordination server, in the order to try them.</summary>
internal static class ControlRoutes
{
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <param name="forceTls">Only TLS on port 443.</param>
    /// <param name="address">See <see cref="ControlRoute.Address"/>.</param>
    public static IReadOnlyList<ControlRoute> Of(Uri controlUrl, bool forceTls, IPAddress? address)
    {
        var host = controlUrl.Host;
        if (forceTls)
        {
            return [Route(Uri.UriSchemeHttps, host, HttpsPort, address)];
        }

        if (controlUrl.Scheme == Uri.UriSchemeHttps)
        {
            // The channel needs no TLS around it, and without there is one round trip less. A port of its own speaks TLS, though.
            return controlUrl.IsDefaultPort
                ? [Route(Uri.UriSchemeHttp, host, HttpPort, address), Route(Uri.UriSchemeHttps, host, HttpsPort, address)]
                : [Route(Uri.UriSchemeHttps, host, controlUrl.Port, address)];
        }

        var plain = Route(Uri.UriSchemeHttp, host, controlUrl.Port, address);
        return IsNear(controlUrl) ? [plain] : [plain, Route(Uri.UriSchemeHttps, host, HttpsPort, address)];
    }

    /// <summary>Whether the host is this machine or in a private network, where nobody expects TLS on a port that was not named.</summary>
    private static bool IsNear(Uri url)
    {
        if (url.IsLoopback)
        {
            return true;
        }

        if (!IPAddress.TryParse(url.DnsSafeHost, out var address))
        {
            return false;
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv6UniqueLocal;
        }

        // RFC 1918.
        var bytes = address.GetAddressBytes();
        return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168);
    }

    private static ControlRoute Route(string scheme, string host, int port, IPAddress? address) => new(new UriBuilder(scheme, host, port).Uri, address);
}
