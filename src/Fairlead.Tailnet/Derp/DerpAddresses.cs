using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Derp;

/// <summary>Finds the addresses of a relay: those the map names, or else those of its host name.</summary>
internal static class DerpAddresses
{
    /// <returns>IPv4 before IPv6; empty if the node has none.</returns>
    /// <exception cref="SocketException">The name does not resolve.</exception>
    public static async Task<IReadOnlyList<IPAddress>> FindAsync(DerpNode node, CancellationToken ct)
    {
        var addresses = new List<IPAddress>();
        var asked = await ResolveAsync(node, ct).ConfigureAwait(false);
        Add(node.IPv4, AddressFamily.InterNetwork);
        Add(node.IPv6, AddressFamily.InterNetworkV6);
        return addresses;

        void Add(string named, AddressFamily family)
        {
            if (IPAddress.TryParse(named, out var address))
                addresses.Add(address);
            else if (named.Length == 0)
                addresses.AddRange(asked.Where(found => found.AddressFamily == family));
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(DerpNode node, CancellationToken ct)
    {
        // A map that names one address and leaves the other empty means that one: asking DNS for a second is not worth a delay.
        var isNamed = IPAddress.TryParse(node.IPv4, out _) || IPAddress.TryParse(node.IPv6, out _);
        return isNamed || node.HostName.Length == 0 ? [] : await Dns.GetHostAddressesAsync(node.HostName, ct).ConfigureAwait(false);
    }
}
