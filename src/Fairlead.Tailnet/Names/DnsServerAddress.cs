using System.Net;

namespace Fairlead.Tailnet.Names;

/// <summary>A DNS server as control servers write it.</summary>
internal static class DnsServerAddress
{
    private const int DefaultPort = 53;

    /// <returns>Null if the text is neither an address nor <c>address:port</c>.</returns>
    public static IPEndPoint? Parse(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPEndPoint(address, DefaultPort)
        : IPEndPoint.TryParse(text, out var endPoint) ? endPoint
        : null;
}
