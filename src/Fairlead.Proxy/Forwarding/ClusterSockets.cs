using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Targets;

namespace Fairlead.Proxy.Forwarding;

/// <summary>Connections from the Pod to the cluster.</summary>
/// <param name="source">The machine's address that they go out from, where it is of the destination's family; null for the system's choice.</param>
internal sealed class ClusterSockets(INameResolver resolver, LowPorts lowPorts, IPAddress? source)
{
    /// <summary>Longer than a lost first packet and its repetitions take; a dead backend must not hold a client for minutes.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <param name="target"><c>host:port</c>, or a port of this machine.</param>
    /// <exception cref="SocketException">Nobody answers there, or the host is unknown.</exception>
    public async Task<Socket> ConnectAsync(string target, CancellationToken cancellationToken)
    {
        var colon = target.LastIndexOf(':');
        return ushort.TryParse(target.AsSpan(colon + 1), out var port)
            ? await ConnectAsync(colon <= 0 ? "127.0.0.1" : target[..colon], port, cancellationToken).ConfigureAwait(false)
            : throw new SocketException((int)SocketError.AddressNotAvailable, $"'{target}' is not written as host:port.");
    }

    /// <param name="host">A name, whose addresses are tried one after the other, or an address; one of IPv6 may be in brackets.</param>
    /// <exception cref="SocketException">Nobody answers there, or the host is unknown.</exception>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var address) ? [address] : await resolver.ResolveAsync(host, limit.Token).ConfigureAwait(false);
            for (var i = 0; i < addresses.Length; i++)
            {
                try
                {
                    return await ConnectAsync(new IPEndPoint(addresses[i], lowPorts.Locate(port)), limit.Token).ConfigureAwait(false);
                }
                catch (SocketException) when (i + 1 < addresses.Length)
                {
                    // The next address of the host may be better.
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }

        throw new SocketException((int)SocketError.HostNotFound, $"The cluster's DNS knows no address of '{host}'.");
    }

    private async Task<Socket> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (source?.AddressFamily == target.AddressFamily)
            {
                socket.Bind(new IPEndPoint(source, 0));
            }

            await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
