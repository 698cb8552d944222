using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Forwards the connections to one TCP port.</summary>
internal sealed class TcpForwarder : IPortForwarder
{
    private const int Backlog = 512;

    // A process of this machine answers or refuses at once; one that does neither is passed over.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TcpRelay, IPEndPoint> _relays = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly BackendChoice _choice;
    private readonly Socket _listener;
    private volatile ServiceBackends _backends;

    /// <exception cref="SocketException">The port cannot be had.</exception>
    public TcpForwarder(IPEndPoint address, ServiceBackends backends, BackendChoice choice, TimeProvider time)
    {
        (_backends, _choice) = (backends, choice);
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(address);
            _listener.Listen(Backlog);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        _ = AcceptLoop.RunAsync(_listener.AcceptAsync, client => _ = ServeAsync(client), time, _stopping.Token);
    }

    public void Update(ServiceBackends backends)
    {
        _backends = backends;
        foreach (var (relay, endpoint) in _relays)
        {
            if (!backends.Known.Contains(endpoint))
                relay.Dispose();
        }
    }

    public void Dispose()
    {
        _backends = _backends with { Active = [], Known = [] };
        _stopping.Cancel();
        _stopping.Dispose();
        _listener.Dispose();
        foreach (var relay in _relays.Keys)
            relay.Dispose();
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                var address = ((IPEndPoint)client.RemoteEndPoint!).Address;
                if (await ConnectAsync(address).ConfigureAwait(false) is not var (server, endpoint))
                {
                    // The client sees a reset, as if nobody had listened.
                    client.LingerState = new LingerOption(true, 0);
                    return;
                }

                using (server)
                using (var relay = new TcpRelay(client, server))
                {
                    _relays[relay] = endpoint;

                    // The endpoint may have gone while it was being connected to.
                    if (!_backends.Known.Contains(endpoint))
                        relay.Dispose();
                    await relay.RunAsync().ConfigureAwait(false);
                    _relays.TryRemove(relay, out _);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One side is gone, and the connection with it.
            }
        }
    }

    private async Task<(Socket Server, IPEndPoint Endpoint)?> ConnectAsync(IPAddress client)
    {
        var backends = _backends;
        foreach (var endpoint in _choice.For(client, backends))
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limit = new CancellationTokenSource(ConnectLimit);
            try
            {
                // Any loopback address may be a source: the Pod sees its client, as behind a real ClusterIP.
                if (IPAddress.IsLoopback(client) && IPAddress.IsLoopback(endpoint.Address))
                    server.Bind(new IPEndPoint(client, 0));
                await server.ConnectAsync(endpoint, limit.Token).ConfigureAwait(false);
                _choice.Served(client, endpoint, backends);
                return (server, endpoint);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                server.Dispose();
            }
        }

        return null;
    }
}
