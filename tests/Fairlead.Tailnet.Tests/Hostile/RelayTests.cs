using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Tests.Derp;

namespace Fairlead.Tailnet.Tests.Hostile;

/// <summary>Relays that do not keep to the protocol. The node must leave them, say why, and hold no memory for what they claim.</summary>
public sealed class RelayTests
{
    private static readonly byte[] ServerKeyFrame = Frame(DerpFrameType.ServerKey, [.. "DERP🔑"u8, .. new byte[PublicKey.Size]]);

    public static TheoryData<byte[], string> Replies => new()
    {
        { "HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), "101" },
        { new byte[1 << 20], "headers" },
        { Upgraded([(byte)DerpFrameType.ServerKey, 0xff, 0xff, 0xff, 0xff]), "claims" },
        { Upgraded([0x7f, 0xff, 0xff, 0xff, 0xff]), "claims" },
        { Upgraded(Frame(DerpFrameType.RecvPacket, new byte[100])), "ServerKey" },
        { Upgraded(Frame(DerpFrameType.ServerKey, new byte[3])), "key" },
        { Upgraded([.. ServerKeyFrame, .. Frame(DerpFrameType.ServerInfo, new byte[200])]), "" },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task Nonsense_of_a_relay_is_told_and_not_waited_for(byte[] reply, string problem)
    {
        using var relay = new TcpListener(IPAddress.Loopback, 0);
        relay.Start();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var serving = ServeAsync(relay, reply, ended.Token);
        using var key = NodePrivateKey.Generate();
        await using var client = new DerpClient(key, new RecordingObserver(), new DerpClientOptions { PlainText = true });
        client.SetMap(MapOf(((IPEndPoint)relay.LocalEndpoint).Port));

        client.SetHome(1);

        await Wait.UntilAsync("it is told", () => client.GetStatus()[0] is { Problem.Length: > 0 });
        Assert.Contains(problem, client.GetStatus()[0].Problem, StringComparison.OrdinalIgnoreCase);
        Assert.False(client.IsConnected(1));
        await ended.CancelAsync();
        await serving;
    }

    private static DerpMap MapOf(int port) => new()
    {
        Regions = new Dictionary<int, DerpRegion?>
        {
            [1] = new() { RegionID = 1, Nodes = [new DerpNode { Name = "1a", RegionID = 1, HostName = "127.0.0.1", IPv4 = "127.0.0.1", IPv6 = DerpNode.NoAddress, DERPPort = port }] },
        },
    };

    private static byte[] Upgraded(byte[] then) => [.. Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: DERP\r\nConnection: Upgrade\r\n\r\n"), .. then];

    private static byte[] Frame(DerpFrameType type, byte[] payload)
    {
        var frame = new byte[DerpProtocol.HeaderSize + payload.Length];
        new DerpFrameHeader(type, payload.Length).Write(frame);
        payload.CopyTo(frame, DerpProtocol.HeaderSize);
        return frame;
    }

    /// <summary>Answers every connection with the same bytes, and leaves it open.</summary>
    private static async Task ServeAsync(TcpListener relay, byte[] reply, CancellationToken stop)
    {
        var open = new List<Socket>();
        try
        {
            while (true)
            {
                var socket = await relay.AcceptSocketAsync(stop);
                open.Add(socket);
                _ = await socket.ReceiveAsync(new byte[4096], stop);
                await socket.SendAsync(reply, stop);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client hung up in the middle, or the test is over.
        }
        finally
        {
            open.ForEach(socket => socket.Dispose());
        }
    }
}
