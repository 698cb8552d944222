using System.Net.Sockets;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Serving;

/// <summary>Takes the connections that come to one port, over the tailnet or at one address of the Pod.</summary>
internal interface IPortServer
{
    /// <summary>Serves until it is cancelled.</summary>
    /// <param name="listening">Called when clients can connect.</param>
    /// <exception cref="IOException">The port is taken, or may not be listened on.</exception>
    /// <exception cref="SocketException">The same, or the node stops.</exception>
    /// <exception cref="TailnetNodeException">The node cannot listen yet.</exception>
    Task RunAsync(Action listening, CancellationToken stopping);
}
