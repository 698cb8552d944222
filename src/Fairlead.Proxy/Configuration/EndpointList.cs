using System.Net;

namespace Fairlead.Proxy.Configuration;

/// <summary>UDP endpoints that a device is to advertise, as people write them.</summary>
internal static class EndpointList
{
    /// <param name="where">File and field, for people.</param>
    /// <exception cref="ProxyConfigurationException">One is no address with a port.</exception>
    public static IReadOnlyList<IPEndPoint> Parse(IEnumerable<string> endpoints, string where) =>
    [
        .. endpoints.Select(text => IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw new ProxyConfigurationException($"{where} has '{text}'; write an IP address and a port, as 192.0.2.7:30001 or [2001:db8::7]:30001.")),
    ];
}
