using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.Netfilter.Sysctls;

/// <summary>Says which kernel settings forwarding needs.</summary>
public static class ForwardingSysctls
{
    public const string ForIPv4 = "net.ipv4.ip_forward";

    public const string ForIPv6 = "net.ipv6.conf.all.forwarding";

    /// <param name="destinations">
    /// Addresses that traffic is forwarded to: the ingress destination, the egress target, and the backends of a DNS name once it is resolved.
    /// </param>
    /// <param name="hasFqdnTarget">An egress target given by name, which counts as IPv4 as long as its addresses are unknown.</param>
    /// <param name="routes">Advertised routes.</param>
    /// <returns>Names of the settings that must be 1, in a fixed order.</returns>
    public static ImmutableArray<string> Required(IEnumerable<IPAddress> destinations, bool hasFqdnTarget, IEnumerable<IPNetwork> routes)
    {
        var families = destinations.Select(address => address.AddressFamily)
            .Concat(routes.Select(route => route.BaseAddress.AddressFamily))
            .ToHashSet();
        if (hasFqdnTarget)
        {
            families.Add(AddressFamily.InterNetwork);
        }

        return
        [
            .. families.Contains(AddressFamily.InterNetwork) ? [ForIPv4] : Array.Empty<string>(),
            .. families.Contains(AddressFamily.InterNetworkV6) ? [ForIPv6] : Array.Empty<string>(),
        ];
    }
}
