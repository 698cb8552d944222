using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Names;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class ConnectionTests : NodeTest
{
    private const int FileSize = 4 << 20;
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(PingKind.Disco)]
    [InlineData(PingKind.Tsmp)]
    [InlineData(PingKind.Icmp)]
    public async Task A_node_pings_another_by_name_and_address(PingKind kind)
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");

        foreach (var host in new[] { "web", "web.embedded.ts.net.", web.Status.Addresses[0].ToString(), web.Status.Addresses[1].ToString() })
        {
            var ping = await laptop.PingAsync(host, kind, PingLimit, Stop);
            Assert.Equal("web.embedded.ts.net", ping.NodeName);
        }
    }

    [Fact]
    public async Task A_file_arrives_whole_over_a_direct_path()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");

        await Transfer.BothWaysAsync(laptop, web, "web", FileSize, Stop);

        await Wait.UntilAsync("the path is direct", () => laptop.Status.Peers.Single().CurrentAddress.Length > 0);
        var peer = laptop.Status.Peers.Single();
        Assert.True(peer.SentBytes > FileSize && peer.ReceivedBytes > FileSize, peer.ToString());
    }

    [Fact]
    public async Task A_file_arrives_whole_over_a_relay()
    {
        var web = await JoinAsync("web", options => options with { RelayOnly = true });
        var laptop = await JoinAsync("laptop");

        await Transfer.BothWaysAsync(laptop, web, "web", FileSize, Stop);

        Assert.Equal("", laptop.Status.Peers.Single().CurrentAddress);
        Assert.Equal("derp-900", (await laptop.PingAsync("web", PingKind.Disco, PingLimit, Stop)).Path);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_file_arrives_whole_though_packets_are_lost_doubled_and_out_of_order(int seed)
    {
        var web = await JoinAsync("web", options => options with { Impairment = tunnel => new RoughPath(tunnel, seed) });
        var laptop = await JoinAsync("laptop", options => options with { Impairment = tunnel => new RoughPath(tunnel, seed + 100) });

        await Transfer.BothWaysAsync(laptop, web, "web", 1 << 20, Stop);
    }

    [Fact]
    public async Task A_file_arrives_whole_though_one_node_moves_to_another_port_in_between()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop", options => options with { Roams = true });
        var before = "";

        await Transfer.BothWaysAsync(laptop, web, "web", FileSize, Stop, half: async () =>
        {
            await Wait.UntilAsync("the path is direct", () => Address().Length > 0);
            before = Address();
            laptop.NetworkChanged();
            await Wait.UntilAsync("the peer is found at its new port", () => Address().Length > 0 && Port(Address()) != Port(before));
        });

        await Transfer.BothWaysAsync(laptop, web, "web", FileSize, Stop);
        Assert.NotEqual(Port(before), Port(Address()));

        string Address() => web.Status.Peers.Single().CurrentAddress;
        static int Port(string address) => IPEndPoint.Parse(address).Port;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_waits_on_a_connection_learns_that_the_peer_is_gone_without_a_word(bool isDialled)
    {
        var impatient = new TcpConnectionOptions { KeepAliveTime = TimeSpan.FromMilliseconds(200), KeepAliveInterval = TimeSpan.FromMilliseconds(50), KeepAliveProbes = 3 };
        var isGone = false;
        var waiting = await JoinAsync("waiting", options => options with { Connections = impatient });
        var other = await JoinAsync("other", options => options with { Impairment = tunnel => new FilteredPath(tunnel, _ => !Volatile.Read(ref isGone)) });
        var (server, client) = isDialled ? (other, waiting) : (waiting, other);
        using var listener = server.ListenTcp(7);
        await using var dialled = await client.DialAsync(server.Status.Name.TrimEnd('.'), 7, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);

        var reading = (isDialled ? dialled : accepted).ReadAsync(new byte[1], Stop).AsTask();
        Volatile.Write(ref isGone, true);

        var failure = await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(PingLimit, Stop));
        Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Datagrams_are_echoed()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");
        using var server = web.ListenUdp(9);
        using var client = laptop.ListenUdp(0);
        var echoing = EchoAsync();
        var buffer = new byte[4096];

        foreach (var size in new[] { 1, 1000, 3000 })
        {
            client.SendTo(new byte[size], new IPEndPoint(web.Status.Addresses[0], 9));
            var received = await client.ReceiveAsync(buffer, Stop);
            Assert.Equal((size, web.Status.Addresses[0]), (received.Length, received.RemoteEndPoint.Address));
        }

        async Task EchoAsync()
        {
            var bytes = new byte[4096];
            while (true)
            {
                var received = await server.ReceiveAsync(bytes, Stop);
                server.SendTo(bytes.AsSpan(0, received.Length), received.RemoteEndPoint);
            }
        }
    }

    [Fact]
    public async Task Names_are_answered_at_the_address_of_MagicDNS()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");
        using var socket = laptop.ListenUdp(new IPEndPoint(IPAddress.Any, 0), IPEndPoint.Parse("100.100.100.100:53"));

        socket.Send(new DnsMessage { Id = 9, Question = new DnsQuestion("web.embedded.ts.net", DnsType.A) }.ToBytes());
        var buffer = new byte[512];
        var received = await socket.ReceiveAsync(buffer, Stop);

        Assert.Equal(web.Status.Addresses[0], DnsMessage.TryRead(buffer.AsSpan(0, received.Length))?.Answers.Single().Address);
    }

    [Fact]
    public async Task A_reply_spells_the_name_as_the_question_does()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");
        using var socket = laptop.ListenUdp(new IPEndPoint(IPAddress.Any, 0), IPEndPoint.Parse("100.100.100.100:53"));
        byte[] question = [0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, .. "wEb"u8, 8, .. "EmbedDed"u8, 2, .. "tS"u8, 3, .. "nEt"u8, 0, 0, 1, 0, 1];

        socket.Send(question);
        var buffer = new byte[512];
        var received = await socket.ReceiveAsync(buffer, Stop);

        Assert.Equal(web.Status.Addresses[0], DnsMessage.TryRead(buffer.AsSpan(0, received.Length))?.Answers.Single().Address);
        Assert.Equal(question[12..], buffer[12..question.Length]);
    }

    [Fact]
    public async Task A_connection_to_nobody_fails_with_the_reason()
    {
        await JoinAsync("web");
        var laptop = await JoinAsync("laptop");

        var unknown = await Assert.ThrowsAsync<TailnetNodeException>(() => laptop.DialAsync("nobody.embedded.ts.net", 80, Stop));
        Assert.Contains("nobody", unknown.Message, StringComparison.Ordinal);
        var unrouted = await Assert.ThrowsAsync<TailnetNodeException>(() => laptop.DialAsync("10.9.9.9", 80, Stop));
        Assert.Contains("No peer leads to 10.9.9.9", unrouted.Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<IOException>(() => laptop.DialAsync("web", 81, Stop));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Peers_find_the_peer_API_where_it_is_published()
    {
        var web = await JoinAsync("web");
        var laptop = await JoinAsync("laptop");
        await Wait.UntilAsync("the port is published", () => laptop.NetworkMap!.Peers.Single().Hostinfo?.Services.Any(service => service.Proto == "peerapi4") == true);
        var port = laptop.NetworkMap!.Peers.Single().Hostinfo!.Services.Single(service => service.Proto == "peerapi4").Port;

        await using var connection = await laptop.DialAsync(web.Status.Addresses[0].ToString(), port, Stop);
        await connection.WriteAsync("GET / HTTP/1.1\r\nHost: web\r\n\r\n"u8.ToArray(), Stop);
        using var reader = new StreamReader(connection, Encoding.ASCII);

        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(Stop));
        Assert.Equal(port, (await laptop.PingAsync("web", PingKind.Tsmp, PingLimit, Stop)).PeerApiPort);
    }

    [Fact]
    public async Task Thirty_nodes_in_one_process_all_reach_each_other()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => JoinAsync($"node{i}")));
        await Wait.UntilAsync("everybody knows everybody", () => nodes.All(node => node.NetworkMap!.Peers.Count == nodes.Length - 1));
        using var listener = nodes[0].ListenTcp(80);
        var accepted = Task.WhenAll(Enumerable.Range(1, nodes.Length - 1).Select(async _ => await listener.AcceptAsync(Stop)));

        await Task.WhenAll(nodes.Skip(1).Select(async node => await node.DialAsync("node0", 80, Stop)));

        Assert.Equal(nodes.Skip(1).Select(node => node.Status.Name).Order(), (await accepted).Select(connection => nodes[0].WhoIs(connection.RemoteEndPoint)!.Node.Name.TrimEnd('.')).Order());
    }
}
