using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>A server of the cluster: it greets with its name and the address that it is asked from, and gives back what it is sent.</summary>
public sealed class ClusterApp : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _clients = [];
    private readonly TcpListener _listener;
    private readonly string _name;
    private readonly Task _serving;
    private int _served;

    public ClusterApp(string name, IPAddress address)
    {
        _name = name;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _serving = ServeAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Connections so far.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>What an app greets with: its name and the client's address.</summary>
    public static async Task<string> GreetingAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(next, cancellationToken);
            if (next[0] == '\n')
            {
                return Encoding.ASCII.GetString([.. line]);
            }

            line.Add(next[0]);
        }
    }

    /// <summary>Waits until all clients there were have left.</summary>
    public async Task ClientsLeftAsync()
    {
        using var limit = TrafficEnvironment.NewLimit();
        await Task.WhenAll(_clients.Keys).WaitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _serving;
        await Task.WhenAll(_clients.Keys);
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _clients.TryAdd(AnswerAsync(await _listener.AcceptSocketAsync(_stopping.Token)), true);
            }
        }
        catch (OperationCanceledException)
        {
            // The app stops.
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        Interlocked.Increment(ref _served);
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            client.NoDelay = true;
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{_name} {((IPEndPoint)client.RemoteEndPoint!).Address}\n"), _stopping.Token);
            await stream.CopyToAsync(stream, _stopping.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client is gone, or the app stops.
        }
    }
}
