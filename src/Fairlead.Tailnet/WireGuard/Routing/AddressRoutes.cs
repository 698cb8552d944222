using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.WireGuard.Routing;

/// <summary>
/// Which value an address belongs to, by longest prefix: single addresses, which nearly all routes of a tailnet are, in a hash table, and
/// networks in a trie. Read without a lock; changed by one thread at a time.
/// </summary>
internal sealed class AddressRoutes<T>
    where T : class
{
    private readonly HostTable<T> _hosts = new();
    private volatile RoutingTable<T> _networks = RoutingTable<T>.Empty;

    /// <param name="address">An IPv6 address, or an IPv4 address in its mapped form.</param>
    public T? Find(UInt128 address, bool isIPv4) => (IsHost(address, isIPv4) ? _hosts.Find(address) : null) ?? _networks.Find(address, isIPv4);

    /// <summary>Adds the network, taken from whoever had it.</summary>
    public void Add(IPNetwork network, T value)
    {
        if (IsHost(network, out var address))
        {
            _hosts.Set(address, value);
        }
        else
        {
            _networks = _networks.Add(network, value);
        }
    }

    /// <summary>Takes the network away, if the value still has it.</summary>
    public void Remove(IPNetwork network, T value)
    {
        if (IsHost(network, out var address))
        {
            _hosts.Remove(address, value);
        }
        else
        {
            _networks = _networks.Remove(network, value);
        }
    }

    private static bool IsHost(IPNetwork network, out UInt128 address)
    {
        address = MappedAddress.From(network.BaseAddress);
        var isIPv4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        return network.PrefixLength == (isIPv4 ? 32 : 128) && IsHost(address, isIPv4);
    }

    /// <summary>Both families share the table, so that IPv6 addresses of the mapped form are left to the trie, as is the table's mark "::".</summary>
    private static bool IsHost(UInt128 address, bool isIPv4) => MappedAddress.IsIPv4(address) == isIPv4 && address != 0;
}
