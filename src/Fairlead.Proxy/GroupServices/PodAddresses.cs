using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.GroupServices;

/// <summary>A Pod has at most one address of each family.</summary>
internal static class PodAddresses
{
    /// <summary>As the API server writes it; null for a Pod without one of this family.</summary>
    public static string? Text(ImmutableArray<IPAddress> podIps, AddressFamily family) =>
        podIps.FirstOrDefault(address => address.AddressFamily == family)?.ToString();
}
