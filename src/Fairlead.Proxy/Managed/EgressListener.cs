using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Managed;

/// <summary>
/// One port of the Pod, from which connections or datagrams go on over the tailnet. Disposing of it closes the port, and so ends flows of
/// datagrams; connections that were accepted go on: a target may only be gone from the map for a moment.
/// </summary>
internal sealed class EgressListener : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _serving = [];

    /// <param name="targets">The first <see cref="Targets"/>: whoever connects at once is led there already.</param>
    /// <param name="podIps">Addresses to listen on; all of the machine's if there are none.</param>
    /// <param name="ending">Ends the connections that were accepted.</param>
    /// <exception cref="SocketException">The port is taken, or needs a privilege.</exception>
    public EgressListener(
        TailnetNode node,
        EgressListenPort port,
        ImmutableArray<IPEndPoint> targets,
        ImmutableArray<IPAddress> podIps,
        LowPorts lowPorts,
        TimeProvider time,
        ILogger logger,
        CancellationToken ending)
    {
        Targets = targets;
        try
        {
            foreach (var address in podIps.IsDefaultOrEmpty ? [IPAddress.IPv6Any] : podIps)
            {
                var isTcp = port.Protocol == TransportProtocol.Tcp;
                var socket = new Socket(address.AddressFamily, isTcp ? SocketType.Stream : SocketType.Dgram, isTcp ? ProtocolType.Tcp : ProtocolType.Udp);
                _sockets.Add(socket);
                if (address.Equals(IPAddress.IPv6Any))
                {
                    socket.DualMode = true;
                }

                socket.Bind(new IPEndPoint(address, lowPorts.Locate(port.Port)));
                if (isTcp)
                {
                    socket.Listen();
                }
            }
        }
        catch
        {
            _sockets.ForEach(socket => socket.Dispose());
            throw;
        }

        foreach (var socket in _sockets)
        {
            _serving.Add(port.Protocol == TransportProtocol.Tcp
                ? new EgressConnections(node, () => Targets, time, logger).ServeAsync(socket, _stopping.Token, ending)
                : new EgressDatagrams(node, () => Targets, time, logger).ServeAsync(socket, _stopping.Token));
        }
    }

    /// <summary>Where it leads, in the order to try; new connections and flows follow a change.</summary>
    public ImmutableArray<IPEndPoint> Targets { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _sockets.ForEach(socket => socket.Dispose());
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }
}
