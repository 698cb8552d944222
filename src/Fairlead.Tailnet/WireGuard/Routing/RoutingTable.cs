using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.WireGuard.Routing;

/// <summary>
/// Which value an address belongs to, by longest prefix. Immutable, so that it is read without a lock. The families are apart: ::/0 is
/// not for IPv4.
/// </summary>
internal sealed class RoutingTable<T>
    where T : class
{
    public static readonly RoutingTable<T> Empty = new(null, null);

    // The mapped form puts 96 bits before an IPv4 address.
    private const int MappedBits = 96;

    private readonly RouteNode<T>? _ipv4;
    private readonly RouteNode<T>? _ipv6;

    private RoutingTable(RouteNode<T>? ipv4, RouteNode<T>? ipv6)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
    }

    /// <param name="address">An IPv6 address, or an IPv4 address in its mapped form.</param>
    public T? Find(UInt128 address, bool isIPv4) => RouteNode<T>.Find(isIPv4 ? _ipv4 : _ipv6, address);

    /// <summary>With the network, taken from whoever had it.</summary>
    public RoutingTable<T> Add(IPNetwork network, T value) => IsIPv4(network)
        ? new(RouteNode<T>.Add(_ipv4, MappedAddress.From(network.BaseAddress), MappedBits + network.PrefixLength, value), _ipv6)
        : new(_ipv4, RouteNode<T>.Add(_ipv6, MappedAddress.From(network.BaseAddress), network.PrefixLength, value));

    /// <summary>Without the network, if the value still has it.</summary>
    public RoutingTable<T> Remove(IPNetwork network, T value) => IsIPv4(network)
        ? new(RouteNode<T>.Remove(_ipv4, MappedAddress.From(network.BaseAddress), MappedBits + network.PrefixLength, value), _ipv6)
        : new(_ipv4, RouteNode<T>.Remove(_ipv6, MappedAddress.From(network.BaseAddress), network.PrefixLength, value));

    private static bool IsIPv4(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
}
