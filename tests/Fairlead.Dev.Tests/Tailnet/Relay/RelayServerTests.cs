using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Protocol;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Protocol.Stun;

namespace Fairlead.Dev.Tests.Tailnet.Relay;

public sealed class RelayServerTests
{
    private static readonly RelayServerOptions Plain = new() { Tls = false, Addresses = [IPAddress.Loopback] };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Packets_are_relayed_with_their_source(bool tls, bool fastStart)
    {
        await using var relay = await RelayServer.StartAsync(Plain with { Tls = tls }, Ct);
        await using var alice = await RawDerpClient.ConnectAsync(relay, fastStart);
        await using var bob = await RawDerpClient.ConnectAsync(relay, fastStart);

        await alice.SendAsync(bob.Key.PublicKey, [1, 2, 3]);

        Assert.Equal(Convert.ToHexStringLower([1, 2, 3]), Convert.ToHexStringLower(await bob.ExpectAsync(DerpFrameType.RecvPacket))[64..]);
        Assert.True(relay.Counters is { Clients: 2, PacketsRelayed: 1, BytesRelayed: 3 });
        Assert.Equal(fastStart, alice.Head.Length == 0);
        if (!fastStart)
        {
            Assert.StartsWith("HTTP/1.1 101", alice.Head, StringComparison.Ordinal);
            Assert.Contains($"Derp-Public-Key: {relay.PublicKey}", alice.Head, StringComparison.Ordinal);
            Assert.Contains("Derp-Version: 2", alice.Head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_may_come_by_WebSocket()
    {
        await using var relay = await RelayServer.StartAsync(Plain, Ct);
        await using var browser = await RawDerpClient.ConnectWebSocketAsync(relay);
        await using var other = await RawDerpClient.ConnectAsync(relay);

        await browser.SendAsync(other.Key.PublicKey, [1, 2, 3]);
        await other.SendAsync(browser.Key.PublicKey, [4, 5]);

        Assert.Equal([1, 2, 3], (await other.ExpectAsync(DerpFrameType.RecvPacket))[32..]);
        Assert.Equal([4, 5], (await browser.ExpectAsync(DerpFrameType.RecvPacket))[32..]);
        Assert.True(relay.Disconnect(browser.Key.PublicKey));
        await other.ExpectAsync(DerpFrameType.PeerGone);
    }

    [Fact]
    public async Task The_HTTP_side_answers_probes_and_refuses_what_is_no_upgrade()
    {
        await using var relay = await RelayServer.StartAsync(Plain, Ct);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{relay.Port}") };

        Assert.Equal(HttpStatusCode.UpgradeRequired, (await http.GetAsync("/derp", Ct)).StatusCode);
        var probe = await http.GetAsync("/derp/probe", Ct);
        Assert.Equal((HttpStatusCode.OK, "*"), (probe.StatusCode, probe.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        using var head = new HttpRequestMessage(HttpMethod.Head, "/derp/latency-check");
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(head, Ct)).StatusCode);
        using var challenge = new HttpRequestMessage(HttpMethod.Get, "/generate_204");
        challenge.Headers.Add("X-Tailscale-Challenge", "ts_abc.def");
        var answer = await http.SendAsync(challenge, Ct);
        Assert.Equal((HttpStatusCode.NoContent, "response ts_abc.def"), (answer.StatusCode, answer.Headers.GetValues("X-Tailscale-Response").Single()));
        relay.Faults.RefuseConnections = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/derp", Ct)).StatusCode);
    }

    [Fact]
    public async Task The_newest_connection_of_a_node_wins()
    {
        await using var relay = await RelayServer.StartAsync(Plain, Ct);
        await using var older = await RawDerpClient.ConnectAsync(relay);
        await using var newer = await RawDerpClient.ConnectAsync(relay, key: older.Key);
        await using var other = await RawDerpClient.ConnectAsync(relay);

        await older.ExpectEndAsync();
        await other.SendAsync(older.Key.PublicKey, [7]);

        await newer.ExpectAsync(DerpFrameType.RecvPacket);
        Assert.Equal(2, relay.Counters.Clients);
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_packets_and_holds_up_nobody()
    {
        await using var relay = await RelayServer.StartAsync(Plain with { QueueLength = 16 }, Ct);
        await using var writer = await RawDerpClient.ConnectAsync(relay);
        await using var slow = await RawDerpClient.ConnectAsync(relay, receiveBuffer: 8 << 10);
        await using var fast = await RawDerpClient.ConnectAsync(relay);
        var packet = new byte[60_000];
        const int Packets = 500;

        for (var i = 0; i < Packets; i++)
        {
            BitConverter.TryWriteBytes(packet, i);
            await writer.SendAsync(slow.Key.PublicKey, packet);
        }

        await writer.SendAsync(fast.Key.PublicKey, [1]);
        await fast.ExpectAsync(DerpFrameType.RecvPacket);
        var overrun = relay.Counters.PacketsOverrun;
        Assert.InRange(overrun, 1, Packets - 16);
        var last = -1;
        for (var i = 0; i < Packets - overrun; i++)
        {
            var number = BitConverter.ToInt32(await slow.ExpectAsync(DerpFrameType.RecvPacket), PublicKey.Size);
            Assert.True(number > last);
            last = number;
        }

        Assert.Equal(Packets - 1, last);
    }

    [Fact]
    public async Task Faults_lose_delay_and_drop_packets()
    {
        await using var relay = await RelayServer.StartAsync(Plain with { Random = new Random(1) }, Ct);
        await using var alice = await RawDerpClient.ConnectAsync(relay);
        await using var bob = await RawDerpClient.ConnectAsync(relay);
        relay.Faults.Loss = 0.5;
        for (var i = 0; i < 200; i++)
            await alice.SendAsync(bob.Key.PublicKey, [0]);
        await PingAsync(alice);
        relay.Faults.Loss = 0;
        relay.Faults.Drop = (from, _) => from == alice.Key.PublicKey;
        Assert.InRange(relay.Counters.PacketsFaulted, 60, 140);
        var faulted = relay.Counters.PacketsFaulted;
        await alice.SendAsync(bob.Key.PublicKey, [0]);
        await PingAsync(alice);
        Assert.Equal(faulted + 1, relay.Counters.PacketsFaulted);

        relay.Faults.Drop = null;
        relay.Faults.Delay = TimeSpan.FromMilliseconds(80);
        var started = TimeProvider.System.GetTimestamp();
        await bob.SendAsync(alice.Key.PublicKey, [9]);
        await alice.ExpectAsync(DerpFrameType.RecvPacket);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(70), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(DerpFrameType.ForwardPacket)]
    [InlineData(DerpFrameType.WatchConnections)]
    [InlineData(DerpFrameType.ClosePeer)]
    public async Task What_only_relays_of_a_mesh_may_ask_ends_the_connection(DerpFrameType type)
    {
        await using var relay = await RelayServer.StartAsync(Plain, Ct);
        await using var client = await RawDerpClient.ConnectAsync(relay);
        var frame = new byte[DerpProtocol.HeaderSize + 96];
        new DerpFrameHeader(type, 96).Write(frame);

        await client.WriteAsync(frame);

        await client.ExpectEndAsync();
    }

    [Fact]
    public async Task Garbage_ends_only_its_own_connection()
    {
        await using var relay = await RelayServer.StartAsync(Plain, Ct);
        await using var good = await RawDerpClient.ConnectAsync(relay);
        await using var bad = await RawDerpClient.ConnectAsync(relay);

        await bad.WriteAsync([0x04, 0xff, 0xff, 0xff, 0xff]);
        await bad.ExpectEndAsync();

        await PingAsync(good);
    }

    [Fact]
    public async Task STUN_tells_clients_of_both_families_where_they_are_seen()
    {
        await using var relay = await RelayServer.StartAsync(new RelayServerOptions { Tls = false }, Ct);
        foreach (var node in relay.Region.Nodes)
        {
            Assert.Equal(relay.StunPort, node.STUNPort);
            foreach (var address in new[] { node.IPv4, node.IPv6 }.Where(address => address != DerpNode.NoAddress).Select(IPAddress.Parse))
                await AskStunAsync(new IPEndPoint(address, relay.StunPort));
        }

        Assert.True(relay.Counters.StunRequests >= 1);
    }

    [Fact]
    public async Task Two_relays_run_side_by_side_and_one_can_return_on_its_port()
    {
        await using var first = await RelayServer.StartAsync(Plain, Ct);
        var second = await RelayServer.StartAsync(Plain with { RegionId = 901 }, Ct);
        var (port, stunPort) = (second.Port, second.StunPort);
        Assert.NotEqual(first.Port, port);

        await second.DisposeAsync();
        await using var again = await RelayServer.StartAsync(Plain with { RegionId = 901, Port = port, StunPort = stunPort }, Ct);

        Assert.Equal((port, stunPort, 901), (again.Port, again.StunPort, again.Region.RegionID));
        await using var client = await RawDerpClient.ConnectAsync(again);
    }

    private static async Task PingAsync(RawDerpClient client)
    {
        var frame = new byte[DerpProtocol.HeaderSize + DerpProtocol.PingSize];
        DerpFrameWriter.Ping(frame, 0x1122334455667788);
        await client.WriteAsync(frame);
        Assert.Equal("1122334455667788", Convert.ToHexStringLower(await client.ExpectAsync(DerpFrameType.Pong)));
    }

    private static async Task AskStunAsync(IPEndPoint server)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, Ct);
        var request = new byte[StunMessage.RequestSize];
        var transaction = StunTransactionId.Create();
        StunMessage.WriteRequest(request, transaction);
        await socket.SendAsync(request, Ct);
        var response = new byte[100];

        var length = await socket.ReceiveAsync(response, Ct);

        Assert.True(StunMessage.TryReadResponse(response.AsSpan(0, length), out var answered, out var mapped));
        var own = (IPEndPoint)socket.LocalEndPoint!;
        Assert.Equal((transaction, WireEndPoint.From(own.Address.GetAddressBytes(), (ushort)own.Port)), (answered, mapped));
    }
}
