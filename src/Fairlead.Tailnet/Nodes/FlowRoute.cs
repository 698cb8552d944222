using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Nodes;

/// <summary>The way of a flow beyond this node.</summary>
/// <param name="Destination">Where it goes.</param>
/// <param name="Source">The machine's address that it goes from, where it is of the destination's family; null for the system's choice.</param>
/// <param name="Withdrawn">
/// Ends flows of datagrams that go this way, of which a busy one would never end by itself. Connections go on: they end when they are done.
/// </param>
public readonly record struct FlowRoute(IPEndPoint Destination, IPAddress? Source = null, CancellationToken Withdrawn = default)
{
    /// <exception cref="SocketException">The source is not this machine's.</exception>
    internal Socket NewSocket(SocketType type, ProtocolType protocol)
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
