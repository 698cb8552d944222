using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Where ports below 1024 are served when this process may not bind to them.</summary>
internal static class LowPorts
{
    public const int FirstFree = 1024;

    // 80 becomes 10080 and 443 becomes 10443, which people recognise.
    private const int Offset = 10_000;

    /// <summary>0 where low ports can be had: as root, with CAP_NET_BIND_SERVICE, or with a low <c>net.ipv4.ip_unprivileged_port_start</c>.</summary>
    public static int OffsetOn(IPAddress address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, 1));
            return 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            return Offset;
        }
    }
}
