using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Targets;

namespace Fairlead.Proxy.Forwarding;

/// <summary>Connections from the Pod to the cluster, and to sockets of the Pod itself.</summary>
/// <param name="source">The machine's address that they go out from, where it is of the destination's family; null for the system's choice.</param>
internal sealed class ClusterSockets(INameResolver resolver, LowPorts lowPorts, IPAddress? source)
{
    /// <summary>Longer than a lost first packet and its repetitions take; a dead backend must not hold a client for minutes.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private const string UnixScheme = "unix:";

    /// <summary>Bytes of a Unix socket's path in a sockaddr_un of Linux, less the zero at its end.</summary>
    private const int MaxSocketPath = 107;

    /// <summary>The path of <c>unix:/path</c>; null if the text is none that a socket can have.</summary>
    public static string? SocketPathOf(string target) =>
        target.StartsWith(UnixScheme + '/', StringComparison.Ordinal) && target[UnixScheme.Length..] is var path && Encoding.UTF8.GetByteCount(path) <= MaxSocketPath && !path.Contains('\0', StringComparison.Ordinal)
            ? path
            : null;

    /// <summary>Whether <see cref="ConnectAsync(string, CancellationToken)"/> understands a target.</summary>
    public static bool IsTarget(string target)
    {
        var colon = target.LastIndexOf(':');
        var host = target.AsSpan(0, Math.Max(colon, 0));
        return SocketPathOf(target) is not null
            || (ushort.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
                && (colon <= 0 || (host is ['[', .. var six, ']'] ? IPAddress.TryParse(six, out _) : Uri.CheckHostName(host.ToString()) is UriHostNameType.Dns or UriHostNameType.IPv4)));
    }

    /// <param name="target"><c>host:port</c>, a port of this machine, or <c>unix:/path</c>.</param>
    /// <exception cref="SocketException">Nobody answers there, or the host is unknown.</exception>
    public async Task<Socket> ConnectAsync(string target, CancellationToken cancellationToken)
    {
        if (SocketPathOf(target) is { } path)
        {
            return await ConnectUnixAsync(path, cancellationToken).ConfigureAwait(false);
        }

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

    /// <param name="path">Of a Unix socket of this machine.</param>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async Task<Socket> ConnectUnixAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
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
