using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>The system's resolver and sockets.</summary>
public sealed class ControlDialer : IControlDialer
{
    private ControlDialer()
    {
    }

    public static ControlDialer Instance { get; } = new();

    public async ValueTask<Stream> ConnectAsync(string host, int port, IPAddress? address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint endPoint = address is null ? new DnsEndPoint(host, port) : new IPEndPoint(address, port);
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
