using System.Net;
using System.Security.Cryptography;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Tests.Netstack.Simulation;

/// <summary>A client and a server host, and both directions of the link between them.</summary>
internal sealed class SimulatedPair
{
    public const string ClientAddress = "100.64.0.1";
    public const string ServerAddress = "100.64.0.2";
    public const string ClientAddressV6 = "fd7a::1";
    public const string ServerAddressV6 = "fd7a::2";
    public const int Port = 80;

    public SimulatedPair(SimulatedWorld world, LinkConditions there, LinkConditions back, Func<NetworkStackOptions, NetworkStackOptions> configure)
    {
        World = world;
        ToServer = new SimulatedLink(world, there);
        ToClient = new SimulatedLink(world, back);
        Client = new NetworkStack(ToServer, configure(world.Options));
        Server = new NetworkStack(ToClient, configure(world.Options with { Random = new Random(world.Seed + 1234) }));
        ToServer.Receiver = Server;
        ToClient.Receiver = Client;
        Client.AddAddress(IPAddress.Parse(ClientAddress));
        Client.AddAddress(IPAddress.Parse(ClientAddressV6));
        Server.AddAddress(IPAddress.Parse(ServerAddress));
        Server.AddAddress(IPAddress.Parse(ServerAddressV6));
    }

    public SimulatedWorld World { get; }

    public SimulatedLink ToServer { get; }

    public SimulatedLink ToClient { get; }

    public NetworkStack Client { get; }

    public NetworkStack Server { get; }

    public static IPEndPoint ServerEndPoint => new(IPAddress.Parse(ServerAddress), Port);

    /// <summary>Opens a connection.</summary>
    public async Task<(TcpConnection Client, TcpConnection Server)> ConnectAsync(
        TcpConnectionOptions? client = null, TcpConnectionOptions? server = null, bool version6 = false)
    {
        var address = IPAddress.Parse(version6 ? ServerAddressV6 : ServerAddress);
        using var listener = Server.ListenTcp(new IPEndPoint(address, 0), new TcpListenOptions { Connection = server ?? TcpConnectionOptions.Default });
        var accepting = listener.AcceptAsync();
        var connection = await Client.ConnectTcpAsync(listener.LocalEndPoint, options: client).ConfigureAwait(false);
        return (connection, await accepting.ConfigureAwait(false));
    }

    /// <summary>Sends bytes one way to their end and compares the hash of what arrives.</summary>
    public static async Task TransferAsync(Stream from, Action closeWrite, Stream to, int bytes, int seed, int writeSize = 64 * 1024, int readSize = 64 * 1024)
    {
        var data = new byte[bytes];
        new Random(seed).NextBytes(data);
        var received = ReceiveAsync(to, readSize);
        for (var offset = 0; offset < bytes; offset += writeSize)
        {
            await from.WriteAsync(data.AsMemory(offset, Math.Min(writeSize, bytes - offset))).ConfigureAwait(false);
        }

        closeWrite();
        var (count, hash) = await received.ConfigureAwait(false);
        Assert.Equal(bytes, count);
        Assert.Equal(SHA256.HashData(data), hash);
    }

    /// <summary>Reads to the end.</summary>
    public static async Task<(long Count, byte[] Hash)> ReceiveAsync(Stream from, int readSize = 64 * 1024)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[readSize];
        var total = 0L;
        while (true)
        {
            var count = await from.ReadAsync(buffer).ConfigureAwait(false);
            if (count == 0)
            {
                return (total, hash.GetHashAndReset());
            }

            total += count;
            hash.AppendData(buffer, 0, count);
        }
    }
}
