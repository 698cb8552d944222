using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>An address of this machine that is not loopback: packets for that may not cross a network.</summary>
internal static class MachineAddress
{
    /// <summary>Skips the test where there is none.</summary>
    public static IPAddress Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Nothing is sent; the system tells the address it would send from.
            socket.Connect(IPEndPoint.Parse("192.0.2.1:9"));
        }
        catch (SocketException e)
        {
            Assert.Skip($"This machine has no address but loopback: {e.Message}");
        }

        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }
}
