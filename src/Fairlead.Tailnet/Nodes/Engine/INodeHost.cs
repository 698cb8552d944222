using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>What has the node's addresses: a network stack of its own, or the system's behind a TUN device.</summary>
internal interface INodeHost : IDisposable
{
    /// <summary>Takes the packets that the filter let in.</summary>
    IPacketReceiver Receiver { get; }

    /// <summary>The node's own stack.</summary>
    /// <exception cref="TailnetNodeException">The system's is used.</exception>
    NetworkStack Stack { get; }

    /// <summary>Whether <see cref="Stack"/> is to be had.</summary>
    bool HasStack { get; }

    /// <summary>Begins to send packets.</summary>
    void Start();

    /// <param name="addresses">The node's own, and those of services it hosts.</param>
    void SetAddresses(IReadOnlyCollection<IPAddress> addresses);

    /// <param name="networks">Where packets to send are for.</param>
    void SetRoutes(IReadOnlyCollection<IPNetwork> networks);

    /// <exception cref="IOException">It failed; the <see cref="System.Net.Sockets.SocketException"/> inside says why.</exception>
    ValueTask<Stream> ConnectTcpAsync(IPEndPoint remote, CancellationToken cancellationToken);

    /// <summary>Sends an ICMP echo.</summary>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    Task<TimeSpan> PingAsync(IPAddress destination, TimeSpan timeout, CancellationToken cancellationToken);
}
