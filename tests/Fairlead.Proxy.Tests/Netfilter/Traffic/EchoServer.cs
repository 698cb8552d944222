using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>Sends back what comes, by TCP and UDP, and remembers from where.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly Socket _tcp;
    private readonly Socket _udp;
    private readonly ConcurrentQueue<Socket> _accepted = new();
    private readonly ConcurrentQueue<IPAddress> _sources = new();

    private EchoServer(Socket tcp, Socket udp)
    {
        _tcp = tcp;
        _udp = udp;
        _ = AcceptAsync();
        _ = AnswerAsync();
    }

    /// <summary>Where connections and datagrams came from, one entry each.</summary>
    public IReadOnlyList<IPAddress> Sources => [.. _sources];

    /// <summary>The largest segment that the last connection's other end takes.</summary>
    public int LastSegmentSize => SegmentSize.Of(_accepted.Last());

    public static EchoServer Start(NetworkSpace space, IPAddress address, int port) => space.Run(() =>
    {
        var endPoint = new IPEndPoint(address, port);
        var tcp = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(endPoint);
        tcp.Listen();
        var udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(endPoint);
        return new EchoServer(tcp, udp);
    });

    public void Dispose()
    {
        _tcp.Dispose();
        _udp.Dispose();
        foreach (var socket in _accepted)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _tcp.AcceptAsync();
                _sources.Enqueue(((IPEndPoint)socket.RemoteEndPoint!).Address);
                _accepted.Enqueue(socket);
                _ = EchoAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var length)
            {
                await socket.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed, or the other end is gone.
        }
    }

    private async Task AnswerAsync()
    {
        var buffer = new byte[4096];
        var any = new IPEndPoint(_udp.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, any);
                _sources.Enqueue(((IPEndPoint)received.RemoteEndPoint).Address);
                await _udp.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
