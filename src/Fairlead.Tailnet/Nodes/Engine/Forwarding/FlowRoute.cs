using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Nodes.Engine.Forwarding;

/// <summary>The way of a flow beyond this node.</summary>
/// <param name="Destination">Where it goes.</param>
/// <param name="Source">The machine's address that it goes from; null for the system's choice.</param>
internal readonly record struct FlowRoute(IPEndPoint Destination, IPAddress? Source = null)
{
    /// <exception cref="SocketException">The source is not this machine's.</exception>
    public Socket NewSocket(SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(Destination.AddressFamily, type, protocol);
        try
        {
            if (Source?.AddressFamily == Destination.AddressFamily)
            {
                socket.Bind(new IPEndPoint(Source, 0));
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
