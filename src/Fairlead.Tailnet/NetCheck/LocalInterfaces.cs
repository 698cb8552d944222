using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fairlead.Tailnet.Timing;

namespace Fairlead.Tailnet.NetCheck;

/// <summary>
/// The addresses of this machine's interfaces at which peers may reach it. Looked up once for all nodes of the process, and again when
/// the system says that they have changed.
/// </summary>
public sealed class LocalInterfaces
{
    // Changes come in bursts: an interface goes, another comes, its addresses appear one by one.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private IReadOnlyList<IPAddress> _addresses;

    private LocalInterfaces()
    {
        var settled = new Deadline(TimeProvider.System, () => ThreadPool.UnsafeQueueUserWorkItem(static local => local.Update(), this, preferLocal: false));
        _addresses = Find();

        // For the life of the process, as the deadline that the handler holds.
        NetworkChange.NetworkAddressChanged += (_, _) => settled.Set(Settling);
    }

    /// <summary>Raised, on any thread, after <see cref="Addresses"/> has changed.</summary>
    public event Action? Changed;

    public static LocalInterfaces Shared { get; } = new();

    /// <summary>In no particular but a stable order. Loopback addresses only if there are no others.</summary>
    public IReadOnlyList<IPAddress> Addresses
    {
        get
        {
            lock (_lock)
                return _addresses;
        }
    }

    private void Update()
    {
        var found = Find();
        lock (_lock)
        {
            if (found.SequenceEqual(_addresses))
                return;
            _addresses = found;
        }

        Changed?.Invoke();
    }

    private static List<IPAddress> Find()
    {
        try
        {
            var up = NetworkInterface.GetAllNetworkInterfaces().Where(network => network.OperationalStatus != OperationalStatus.Down).ToList();
            var outer = up.Where(network => network.NetworkInterfaceType != NetworkInterfaceType.Loopback && !IsTailnet(network)).SelectMany(AddressesOf).ToList();
            return outer.Count > 0 ? outer : [.. up.Where(network => network.NetworkInterfaceType == NetworkInterfaceType.Loopback).SelectMany(AddressesOf)];
        }
        catch (NetworkInformationException)
        {
            // A system that does not tell its addresses still has a loopback interface.
            return [IPAddress.Loopback];
        }
    }

    private static IEnumerable<IPAddress> AddressesOf(NetworkInterface network) =>
        network.GetIPProperties().UnicastAddresses
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            .Where(address => !address.IsIPv6LinkLocal && !IsLinkLocal(address))
            .OrderBy(address => address.ToString(), StringComparer.Ordinal);

    private static bool IsLinkLocal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..];

    /// <summary>A path through a tailnet must not be offered for that tailnet's own packets: they would go round in circles.</summary>
    private static bool IsTailnet(NetworkInterface network) =>
        network.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.AddressFamily == AddressFamily.InterNetworkV6
            && unicast.Address.GetAddressBytes() is [0xfd, 0x7a, 0x11, 0x5c, 0xa1, 0xe0, ..]);
}
