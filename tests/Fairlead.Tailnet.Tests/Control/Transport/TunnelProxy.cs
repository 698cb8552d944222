using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Tailnet.Tests.Control.Transport;

/// <summary>An HTTP proxy that tunnels (CONNECT) and refuses everything else, as many do.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly MappedDialer _dialer;
    private readonly CancellationToken _stop;

    public TunnelProxy(MappedDialer dialer, CancellationToken stop)
    {
        _dialer = dialer;
        _stop = stop;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<string> Tunnels { get; } = [];

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync((await _listener.AcceptTcpClientAsync(_stop)).GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(NetworkStream client)
    {
        await using var owned = client;
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await client.ReadAsync(one, _stop) == 1) head.Append((char)one[0]);
        var words = head.ToString().Split(' ');
        if (words[0] != "CONNECT")
        {
            await client.WriteAsync("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop);
            return;
        }

        Tunnels.Enqueue(words[1]);
        var target = new Uri("tcp://" + words[1]);
        await using var server = await _dialer.ConnectAsync(target.Host, target.Port, null, _stop);
        await client.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop);
        await Task.WhenAny(client.CopyToAsync(server, _stop), server.CopyToAsync(client, _stop));
    }
}
