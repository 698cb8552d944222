using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Tests.Nodes;
using UdpSocket = Fairlead.Tailnet.Netstack.Udp.UdpSocket;

namespace Fairlead.Tailnet.Tests.Soak;

/// <summary>What nodes do with each other. A connection begins with its kind, a length and a seed; what is sent is proven by its hash.</summary>
internal static class SoakExchange
{
    private const int Port = 7;
    private const int HeaderSize = 9;
    private const byte BothWays = 1;
    private const byte HalfClosed = 2;
    private const byte AbortedByServer = 3;

    // A datagram may be lost, as when paths change.
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Both send a file at once.</summary>
    public static async Task TransferAsync(TailnetNode client, string server, int length, int seed, CancellationToken stop)
    {
        await using var connection = await DialAsync(client, server, BothWays, length, seed, stop);
        var sent = Transfer.File(length, seed);
        var received = new byte[length + SHA256.HashSizeInBytes];
        await Task.WhenAll(connection.WriteAsync(sent, stop).AsTask(), connection.ReadExactlyAsync(received, stop).AsTask());
        Assert.Equal(SHA256.HashData(Transfer.File(length, seed + 1)), SHA256.HashData(received.AsSpan(0, length)));
        Assert.Equal(SHA256.HashData(sent), received[length..]);
    }

    /// <summary>The server answers once the client has said that nothing follows.</summary>
    public static async Task HalfCloseAsync(TailnetNode client, string server, int length, int seed, CancellationToken stop)
    {
        await using var connection = await DialAsync(client, server, HalfClosed, length, seed, stop);
        var sent = Transfer.File(length, seed);
        await connection.WriteAsync(sent, stop);
        connection.CloseWrite();
        Assert.Equal(SHA256.HashData(sent), await ReadToEndAsync(connection, stop));
    }

    public static async Task AbortAsync(TailnetNode client, string server, int length, int seed, CancellationToken stop)
    {
        await using var connection = await DialAsync(client, server, BothWays, length, seed, stop);
        await connection.WriteAsync(Transfer.File(length, seed).AsMemory(0, length / 2), stop);
        connection.Abort();
    }

    public static async Task BeAbortedAsync(TailnetNode client, string server, int length, int seed, CancellationToken stop)
    {
        await using var connection = await DialAsync(client, server, AbortedByServer, length, seed, stop);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await connection.WriteAsync(Transfer.File(length, seed), stop);
            await ReadToEndAsync(connection, stop);
        });
    }

    /// <summary>A datagram comes back, if not the first, then one of those that follow.</summary>
    public static async Task EchoDatagramAsync(TailnetNode client, string server, int length, int seed, CancellationToken stop)
    {
        using var socket = client.ListenUdp(0);
        var address = (await client.ResolveAsync(server, stop))[0];
        var datagram = Transfer.File(length, seed);
        var received = new byte[length + 1];
        var receiving = socket.ReceiveAsync(received, stop).AsTask();
        do
        {
            socket.SendTo(datagram, new IPEndPoint(address, Port));
        }
        while (await Task.WhenAny(receiving, Task.Delay(RepeatAfter, stop)) != receiving && !stop.IsCancellationRequested);
        Assert.Equal(datagram, received[..(await receiving).Length]);
    }

    /// <summary>Serves all of the above until the node leaves.</summary>
    public static async Task ServeAsync(TailnetNode node, Action<Exception> failed, CancellationToken leaves)
    {
        using var listener = node.ListenTcp(Port);
        using var datagrams = node.ListenUdp(Port);
        var serving = EchoDatagramsAsync(datagrams, leaves);
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptAsync(leaves), failed, leaves);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The node leaves.
        }

        await serving;
    }

    private static async Task<TcpConnection> DialAsync(TailnetNode client, string server, byte kind, int length, int seed, CancellationToken stop)
    {
        var connection = (TcpConnection)await client.DialAsync(server, Port, stop);
        var header = new byte[HeaderSize];
        header[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(5), seed);
        await connection.WriteAsync(header, stop);
        return connection;
    }

    private static async Task AnswerAsync(TcpConnection connection, Action<Exception> failed, CancellationToken leaves)
    {
        try
        {
            await using (connection)
            {
                var header = new byte[HeaderSize];
                await connection.ReadExactlyAsync(header, leaves);
                var received = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1))];
                var seed = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(5));
                switch (header[0])
                {
                    case BothWays:
                        await Task.WhenAll(connection.WriteAsync(Transfer.File(received.Length, seed + 1), leaves).AsTask(), connection.ReadExactlyAsync(received, leaves).AsTask());
                        await connection.WriteAsync(SHA256.HashData(received), leaves);
                        break;
                    case HalfClosed:
                        await connection.WriteAsync(SHA256.HashData(await ReadToEndAsync(connection, leaves)), leaves);
                        break;
                    default:
                        await connection.ReadExactlyAsync(received.AsMemory(0, received.Length / 2), leaves);
                        connection.Abort();
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client aborted, or one of the two leaves; if neither is so, the client notices.
        }
        catch (Exception e)
        {
            failed(e);
        }
    }

    private static async Task EchoDatagramsAsync(UdpSocket socket, CancellationToken leaves)
    {
        try
        {
            var bytes = new byte[65_536];
            while (true)
            {
                var received = await socket.ReceiveAsync(bytes, leaves);
                socket.SendTo(bytes.AsSpan(0, received.Length), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The node leaves.
        }
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream, CancellationToken stop)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, stop);
        return all.ToArray();
    }
}
