using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Fairlead.Tailnet.Tun;

/// <summary>Sets addresses, routes and link state of one interface, through the kernel's routing socket.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class NetlinkRoutes : IDisposable
{
    // linux/rtnetlink.h, linux/netlink.h, linux/if_addr.h
    private const int AddressFamilyNetlink = 16;
    private const int SocketRaw = 3;
    private const int SocketCloseOnExec = 0x80000;
    private const int RouteProtocol = 0;
    private const ushort NewLink = 16;
    private const ushort NewAddress = 20;
    private const ushort DeleteAddress = 21;
    private const ushort NewRoute = 24;
    private const ushort DeleteRoute = 25;
    private const ushort Request = 0x1;
    private const ushort Acknowledge = 0x4;
    private const ushort Replace = 0x100;
    private const ushort CreateNew = 0x400;
    private const ushort LinkMtu = 4;
    private const int LinkUp = 0x1;
    private const ushort AddressOfInterface = 1;
    private const ushort AddressLocal = 2;
    private const ushort RouteDestination = 1;
    private const ushort RouteOutInterface = 4;
    private const byte NoDuplicateDetection = 0x02;
    private const byte TableMain = 254;
    private const byte ProtocolStatic = 4;
    private const byte ScopeUniverse = 0;
    private const byte ScopeLink = 253;
    private const byte TypeUnicast = 1;

    private readonly int _socket;
    private readonly int _interface;
    private uint _sequence;

    /// <exception cref="IOException">No such socket is to be had.</exception>
    public NetlinkRoutes(int interfaceIndex)
    {
        _interface = interfaceIndex;
        _socket = LinuxCalls.Socket(AddressFamilyNetlink, SocketRaw | SocketCloseOnExec, RouteProtocol);
        if (_socket < 0)
        {
            throw LinuxCalls.Failure("The kernel's routing socket cannot be opened");
        }
    }

    /// <exception cref="IOException">The kernel refuses.</exception>
    public void BringUp(int mtu)
    {
        // struct ifinfomsg: family, padding, type, index, flags, mask of flags to change.
        var message = new NetlinkMessage(NewLink, Request | Acknowledge)
            .Add([0, 0, 0, 0]).Add(_interface).Add(LinkUp).Add(LinkUp)
            .Attribute(LinkMtu, mtu);
        Execute(message, "bring the interface up");
    }

    public void AddAddress(IPAddress address) => ChangeAddress(address, NewAddress, Request | Acknowledge | CreateNew | Replace, "add");

    public void RemoveAddress(IPAddress address) => ChangeAddress(address, DeleteAddress, Request | Acknowledge, "remove");

    public void AddRoute(IPNetwork destination) => ChangeRoute(destination, NewRoute, Request | Acknowledge | CreateNew | Replace, "add");

    /// <summary>A route that is gone already, as after its address, counts as removed.</summary>
    public void RemoveRoute(IPNetwork destination) => ChangeRoute(destination, DeleteRoute, Request | Acknowledge, "remove");

    public void Dispose() => _ = LinuxCalls.Close(_socket);

    private static (byte Family, byte[] Bytes) Parts(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork ? (byte)2 : (byte)10, address.GetAddressBytes());

    private void ChangeAddress(IPAddress address, ushort type, ushort flags, string verb)
    {
        var (family, bytes) = Parts(address);

        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        var message = new NetlinkMessage(type, flags)
            .Add([family, (byte)(bytes.Length * 8), family == 10 ? NoDuplicateDetection : (byte)0, ScopeUniverse]).Add(_interface)
            .Attribute(AddressLocal, bytes)
            .Attribute(AddressOfInterface, bytes);
        Execute(message, $"{verb} address {address}");
    }

    private void ChangeRoute(IPNetwork destination, ushort type, ushort flags, string verb)
    {
        var (family, bytes) = Parts(destination.BaseAddress);

        // struct rtmsg: family, destination and source lengths, type of service, table, protocol, scope, type, flags.
        var message = new NetlinkMessage(type, flags)
            .Add([family, (byte)destination.PrefixLength, 0, 0, TableMain, ProtocolStatic, family == 2 ? ScopeLink : ScopeUniverse, TypeUnicast]).Add(0)
            .Attribute(RouteDestination, bytes)
            .Attribute(RouteOutInterface, _interface);
        Execute(message, $"{verb} route {destination}");
    }

    private void Execute(NetlinkMessage message, string what)
    {
        var bytes = message.ToSpan(++_sequence);
        Span<byte> answer = stackalloc byte[4096];
        fixed (byte* request = bytes, reply = answer)
        {
            if (LinuxCalls.Write(_socket, request, (nuint)bytes.Length) < 0)
            {
                throw LinuxCalls.Failure($"The kernel was asked in vain to {what}");
            }

            while (true)
            {
                var length = LinuxCalls.Read(_socket, reply, (nuint)answer.Length);
                if (length < 0 && Marshal.GetLastPInvokeError() == LinuxCalls.ErrorInterrupted)
                {
                    continue;
                }

                if (length < 0)
                {
                    throw LinuxCalls.Failure($"The kernel was asked in vain to {what}");
                }

                if (NetlinkAcknowledgement.TryFind(answer[..(int)length], _sequence, out var error))
                {
                    if (error is 0 or LinuxCalls.ErrorExists or LinuxCalls.ErrorNoSuchProcess)
                    {
                        return;
                    }

                    throw LinuxCalls.FailureOf($"The kernel does not {what}", error);
                }
            }
        }
    }
}
