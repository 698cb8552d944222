using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>A way to a server for one client alone, which can be cut for it without the others' noticing.</summary>
public sealed class CuttableLink : IAsyncDisposable
{
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly Task _serving;

    public CuttableLink(Uri server)
    {
        _server = server;
        _listener.Start();
        Url = new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _serving = ServeAsync();
    }

    /// <summary>Where the client finds the server.</summary>
    public Uri Url { get; }

    /// <summary>Ends all connections and refuses others, for good.</summary>
    public async Task CutAsync()
    {
        await _cut.CancelAsync();
        _listener.Dispose();
        await _serving;
        await Task.WhenAll(_connections);
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _cut.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_cut.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // Cut.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port, _cut.Token);
                await StreamRelay.RunAsync(client.GetStream(), server.GetStream(), _cut.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The server is gone, or the link is cut.
            }
        }
    }
}
