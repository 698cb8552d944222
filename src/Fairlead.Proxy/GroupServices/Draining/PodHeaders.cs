using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Proxy.GroupServices.Draining;

/// <summary>
/// By these fields of a health answer others find out which Pod of a Service gave it; wire contract with the operator. Only a Pod that is
/// well gives them.
/// </summary>
internal static class PodHeaders
{
    private const string IPv4 = "Pod-IPv4";
    private const string IPv6 = "Pod-IPv6";

    public static void Write(IHeaderDictionary headers, ImmutableArray<IPAddress> podIps)
    {
        foreach (var address in podIps)
        {
            headers[address.AddressFamily == AddressFamily.InterNetwork ? IPv4 : IPv6] = address.ToString();
        }
    }

    public static IEnumerable<IPAddress> Read(HttpResponseHeaders headers) =>
        from name in (string[])[IPv4, IPv6]
        where headers.Contains(name)
        from value in headers.GetValues(name)
        let address = IPAddress.TryParse(value, out var parsed) ? parsed : null
        where address is not null
        select address;
}
