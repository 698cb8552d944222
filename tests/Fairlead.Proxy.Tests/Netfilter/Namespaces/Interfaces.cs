using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Netfilter.Netlink;

namespace Fairlead.Proxy.Tests.Netfilter.Namespaces;

/// <summary>Makes interfaces, addresses and routes (rtnetlink(7)) in one namespace, so that no program needs to be installed.</summary>
internal static class Interfaces
{
    // linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/veth.h
    private const ushort NewLink = 16;
    private const ushort NewAddress = 20;
    private const ushort NewRoute = 24;
    private const ushort Create = 0x400;
    private const ushort LinkName = 3;
    private const ushort LinkMtu = 4;
    private const ushort LinkInformation = 18;
    private const ushort LinkNamespace = 28;
    private const ushort InformationKind = 1;
    private const ushort InformationData = 2;
    private const ushort VethPeer = 1;
    private const int Up = 1;
    private const ushort AddressLocal = 2;
    private const ushort AddressOfInterface = 1;
    private const byte NoDuplicateDetection = 0x02;
    private const ushort RouteDestination = 1;
    private const ushort RouteOut = 4;
    private const ushort RouteGateway = 5;

    /// <summary>Connects two namespaces by a pair of interfaces.</summary>
    public static void Connect(NetworkSpace left, string leftName, NetworkSpace right, string rightName) => left.Run(() => Execute(NewLink, Create, message =>
    {
        message.Fixed(Link(0, 0));
        message.Text(LinkName, leftName);
        message.Nested(LinkInformation, information =>
        {
            information.Text(InformationKind, "veth");
            information.Nested(InformationData, data => data.Nested(VethPeer, peer =>
            {
                peer.Fixed(Link(0, 0));
                peer.Text(LinkName, rightName);
                peer.Attribute(LinkNamespace, Host(right.Descriptor));
            }));
        });
    }));

    public static void BringUp(NetworkSpace space, string name, int mtu) => space.Run(() => Execute(NewLink, 0, message =>
    {
        message.Fixed(Link(IndexOf(name), Up));
        message.Attribute(LinkMtu, Host(mtu));
    }));

    public static void AddAddress(NetworkSpace space, string name, string addressWithPrefix) => space.Run(() => Execute(NewAddress, Create, message =>
    {
        var parts = addressWithPrefix.Split('/');
        var address = IPAddress.Parse(parts[0]);
        var six = address.AddressFamily == AddressFamily.InterNetworkV6;

        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        message.Fixed([Family(address), byte.Parse(parts[1]), six ? NoDuplicateDetection : (byte)0, 0, .. Host(IndexOf(name))]);
        message.Attribute(AddressLocal, address.GetAddressBytes());
        message.Attribute(AddressOfInterface, address.GetAddressBytes());
    }));

    public static void AddRoute(NetworkSpace space, string name, string destination, string? gateway = null) => space.Run(() => Execute(NewRoute, Create, message =>
    {
        var network = IPNetwork.Parse(destination);

        // struct rtmsg: family, lengths of destination and source, type of service, table 'main', protocol 'static', scope, type 'unicast', flags.
        var scope = gateway is null && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? (byte)253 : (byte)0;
        message.Fixed([Family(network.BaseAddress), (byte)network.PrefixLength, 0, 0, 254, 4, scope, 1, 0, 0, 0, 0]);
        message.Attribute(RouteDestination, network.BaseAddress.GetAddressBytes());
        message.Attribute(RouteOut, Host(IndexOf(name)));
        if (gateway is not null)
        {
            message.Attribute(RouteGateway, IPAddress.Parse(gateway).GetAddressBytes());
        }
    }));

    private static byte Family(IPAddress address) => (byte)(address.AddressFamily == AddressFamily.InterNetwork ? 2 : 10);

    private static byte[] Host(int value) => BitConverter.GetBytes(value);

    /// <summary>struct ifinfomsg: family, type, index, flags, which flags to change.</summary>
    private static byte[] Link(int index, int flags) => [0, 0, 0, 0, .. Host(index), .. Host(flags), .. Host(flags)];

    /// <summary>In the namespace of the calling thread.</summary>
    private static int IndexOf(string name)
    {
        var index = (int)InterfaceIndex.Of(name);
        return index > 0 ? index : throw new ArgumentException($"There is no interface '{name}'.");
    }

    private static void Execute(ushort type, ushort flags, Action<NetlinkWriter> content)
    {
        using var socket = new NetlinkSocket(NetlinkSocket.Route);
        var writer = new NetlinkWriter();
        writer.BeginMessage(type, (ushort)(NetlinkSocket.FlagRequest | NetlinkSocket.FlagAcknowledge | flags), socket.NextSequence());
        content(writer);
        writer.EndMessage();
        socket.Send(writer.Written);
        if (socket.Receive().Single().ReadError() is { } error)
        {
            throw error;
        }
    }
}
