using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>A TCP connection to an <see cref="EchoServer"/>.</summary>
internal sealed class EchoClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;

    private EchoClient(Socket socket) => _socket = socket;

    /// <summary>The largest segment that the other end takes.</summary>
    public int LargestSegment => SegmentSize.Of(_socket);

    public static async Task<EchoClient> ConnectAsync(NetworkSpace space, IPAddress address, int port, CancellationToken stop)
    {
        var socket = space.Run(() => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            return new EchoClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, has something echoed, and closes.</summary>
    public static async Task OnceAsync(NetworkSpace space, IPAddress address, int port, CancellationToken stop)
    {
        using var client = await ConnectAsync(space, address, port, stop);
        await client.ExchangeAsync("once", stop);
    }

    /// <summary>Has a datagram echoed.</summary>
    public static async Task DatagramAsync(NetworkSpace space, IPAddress address, int port, CancellationToken stop)
    {
        using var client = new EchoClient(space.Run(() => new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp)));
        await client._socket.ConnectAsync(new IPEndPoint(address, port), stop);
        await client.ExchangeAsync("datagram", stop);
    }

    /// <summary>Sends a text and waits for it to come back.</summary>
    public async Task ExchangeAsync(string text, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        var bytes = Encoding.UTF8.GetBytes(text);
        await _socket.SendAsync(bytes, limit.Token);
        var received = new byte[bytes.Length];
        for (var length = 0; length < received.Length;)
        {
            var more = await _socket.ReceiveAsync(received.AsMemory(length), limit.Token);
            Assert.NotEqual(0, more);
            length += more;
        }

        Assert.Equal(text, Encoding.UTF8.GetString(received));
    }

    public void Dispose() => _socket.Dispose();
}
