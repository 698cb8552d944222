using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.Forwarding;

/// <summary>Connections from the Pod to the cluster.</summary>
internal static class ClusterSockets
{
    /// <summary>Longer than a lost first packet and its repetitions take; a dead backend must not hold a client for minutes.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <param name="target"><c>host:port</c>, or a port of this machine.</param>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async Task<Socket> ConnectAsync(string target, CancellationToken cancellationToken)
    {
        var colon = target.LastIndexOf(':');
        if (!ushort.TryParse(target.AsSpan(colon + 1), out var port))
        {
            throw new SocketException((int)SocketError.AddressNotAvailable, $"'{target}' is not written as host:port.");
        }

        var host = colon <= 0 ? "127.0.0.1" : target[..colon].Trim('[', ']');
        return await ConnectAsync(IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async Task<Socket> ConnectAsync(EndPoint target, CancellationToken cancellationToken)
    {
        var socket = target is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(target, limit.Token).ConfigureAwait(false);
            return socket;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
