using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Paths;

/// <summary>A middlebox between one client and one server on loopback, which can be cut without either noticing.</summary>
internal sealed class UdpForwarder : IDisposable
{
    private readonly Socket _outside = Bind();
    private readonly Socket _inside = Bind();
    private readonly IPEndPoint _server;
    private volatile EndPoint? _client;
    private volatile bool _disposed;

    public UdpForwarder(int serverPort)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _ = ForwardAsync(_outside, from =>
        {
            _client = from;
            return (_inside, _server);
        });
        _ = ForwardAsync(_inside, _ => (_outside, _client));
    }

    /// <summary>Where the server seems to be.</summary>
    public UdpAddress Address => UdpAddress.From((IPEndPoint)_outside.LocalEndPoint!);

    public bool IsCut { get; set; }

    public void Dispose()
    {
        _disposed = true;
        _outside.Dispose();
        _inside.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task ForwardAsync(Socket socket, Func<EndPoint, (Socket Via, EndPoint? To)> route)
    {
        var buffer = new byte[65536];
        while (true)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                var (via, to) = route(received.RemoteEndPoint);
                if (!IsCut && to is not null)
                    await via.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), to);
            }
            catch (SocketException) when (!_disposed)
            {
                // The other end was not there for a moment.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
