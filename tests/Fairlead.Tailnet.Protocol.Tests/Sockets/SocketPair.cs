using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Protocol.Tests.Sockets;

/// <summary>Two ends of one connection.</summary>
internal sealed record SocketPair(Stream First, Stream Second) : IAsyncDisposable
{
    public static async Task<SocketPair> ConnectAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        var server = await listener.AcceptTcpClientAsync(cancellationToken);
        return new SocketPair(client.GetStream(), server.GetStream());
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }
}
