using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>A node with a network stack of its own: no privileges, and nobody but this process uses it.</summary>
internal sealed class StackHost : INodeHost
{
    private readonly List<IPAddress> _addresses = [];
    private readonly TcpConnectionOptions _connections;

    /// <summary>A subnet router's, in fair shares for its peers. A resolver behind one begins some ten a second, each of which is over after two minutes.</summary>
    private const int MaxForwardedUdpFlows = 4096;

    /// <param name="tunnel">Where packets go out.</param>
    /// <param name="connections">Of those that are dialled.</param>
    public StackHost(IPacketLink tunnel, TcpConnectionOptions connections, TimeProvider time)
    {
        _connections = connections;
        Stack = new NetworkStack(tunnel, new NetworkStackOptions { TimeProvider = time, MaxForwardedUdpFlows = MaxForwardedUdpFlows });
    }

    public NetworkStack Stack { get; }

    public bool HasStack => true;

    public IPacketReceiver Receiver => Stack;

    public void Start()
    {
    }

    public void SetAddresses(IReadOnlyCollection<IPAddress> addresses)
    {
        // The stack sends from the first address of a family, so that the node's own come before those of services.
        foreach (var address in addresses.Except(_addresses).ToArray())
        {
            Stack.AddAddress(address);
            _addresses.Add(address);
        }

        foreach (var address in _addresses.Except(addresses).ToArray())
        {
            Stack.RemoveAddress(address);
            _addresses.Remove(address);
        }
    }

    public void SetRoutes(IReadOnlyCollection<IPNetwork> networks)
    {
        // The stack has one way out.
    }

    public async ValueTask<Stream> ConnectTcpAsync(IPEndPoint remote, CancellationToken cancellationToken) =>
        await Stack.ConnectTcpAsync(remote, options: _connections, cancellationToken: cancellationToken).ConfigureAwait(false);

    public Task<TimeSpan> PingAsync(IPAddress destination, TimeSpan timeout, CancellationToken cancellationToken) =>
        Stack.PingAsync(destination, timeout, cancellationToken: cancellationToken);

    public void Dispose() => Stack.Dispose();
}
