using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Dev.ServiceNetwork;
using Fairlead.Proxy.Tests.Targets;

namespace Fairlead.Proxy.Tests.Managed;

public sealed class ManagedForwardingTests : ManagedProxyTest
{
    private static readonly IPAddress ClusterIp = IPAddress.Parse("127.96.0.9");

    [Fact]
    public async Task Whatever_port_of_the_device_leads_to_the_same_port_of_the_Service()
    {
        var one = StartEcho(ClusterIp, "one");
        var two = StartEcho(ClusterIp, "two");
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("web", ("TS_DEST_IP", ClusterIp.ToString()));

        await using var first = await DialAsync(laptop, "web", one);
        await using var second = await DialAsync(laptop, "web", two);

        Assert.Equal("one: hello", await ExchangeAsync(first, "hello"));
        Assert.Equal("two: hello", await ExchangeAsync(second, "hello"));
    }

    [Fact]
    public async Task Datagrams_take_the_same_way_and_answers_come_back()
    {
        using var server = new UdpClient(new IPEndPoint(ClusterIp, 0));
        var port = ((IPEndPoint)server.Client.LocalEndPoint!).Port;
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("dns", ("TS_DEST_IP", ClusterIp.ToString()));
        await SeesAsync(laptop, "dns");
        var address = (await laptop.ResolveAsync("dns", Stop))[0];
        using var socket = laptop.ListenUdp(new IPEndPoint(IPAddress.Any, 0), new IPEndPoint(address, port));

        socket.Send("question"u8);
        var question = await server.ReceiveAsync(Stop);
        await server.SendAsync(Encoding.ASCII.GetBytes("answer"), question.RemoteEndPoint, Stop);
        var buffer = new byte[64];
        var answer = await socket.ReceiveAsync(buffer, Stop);

        Assert.Equal("question", Encoding.ASCII.GetString(question.Buffer));
        Assert.Equal("answer", Encoding.ASCII.GetString(buffer, 0, answer.Length));
    }

    [Fact]
    public async Task What_the_cluster_sends_to_the_named_ports_reaches_a_target_by_its_name()
    {
        var database = await JoinAsync("database");
        using var listener = database.ListenTcp(5432);
        var answering = AnswerAsync();
        using var network = LoopbackNetwork.Claim();
        var pod = network.NodeAddress;
        await StartProxyAsync(
            "egress",
            ("TS_TAILNET_TARGET_FQDN", database.Status.Name),
            ("FAIRLEAD_EGRESS_PORTS", "5432"),
            ("POD_IP", pod.ToString()));

        using var client = new TcpClient(pod.AddressFamily);
        await client.ConnectAsync(new IPEndPoint(pod, 5432), Stop);
        var stream = client.GetStream();

        Assert.Equal("database: select", await ExchangeAsync(stream, "select"));
        client.Close();
        await answering;

        async Task AnswerAsync()
        {
            await using var connection = await listener.AcceptAsync(Stop);
            var buffer = new byte[64];
            var length = await connection.ReadAsync(buffer, Stop);
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"database: {Encoding.ASCII.GetString(buffer, 0, length)}"), Stop);
            Assert.Equal(0, await connection.ReadAsync(buffer, Stop));
        }
    }

    [Fact]
    public async Task A_reset_of_the_target_is_a_reset_for_the_client_and_the_other_way_round()
    {
        var database = await JoinAsync("database");
        using var listener = database.ListenTcp(5432);
        using var network = LoopbackNetwork.Claim();
        var pod = network.NodeAddress;
        await StartProxyAsync("egress", ("TS_TAILNET_TARGET_FQDN", database.Status.Name), ("FAIRLEAD_EGRESS_PORTS", "5432"), ("POD_IP", pod.ToString()));

        using var first = new TcpClient();
        await first.ConnectAsync(new IPEndPoint(pod, 5432), Stop);
        (await listener.AcceptAsync(Stop)).Abort();
        var reset = await Assert.ThrowsAsync<IOException>(async () => await first.GetStream().ReadExactlyAsync(new byte[1], Stop));
        Assert.Equal(SocketError.ConnectionReset, (reset.InnerException as SocketException)?.SocketErrorCode);

        using var second = new TcpClient();
        await second.ConnectAsync(new IPEndPoint(pod, 5432), Stop);
        await using var accepted = await listener.AcceptAsync(Stop);
        second.LingerState = new LingerOption(true, 0);
        second.Client.Close();
        await Assert.ThrowsAsync<IOException>(async () => await accepted.ReadExactlyAsync(new byte[1], Stop));
    }

    [Fact]
    public async Task A_Pod_that_is_a_plain_process_finds_names_and_low_ports_where_it_is_told()
    {
        using var dns = ScriptedDnsServer.Knowing("web.default.svc.cluster.local", ClusterIp);
        var port = StartEcho(ClusterIp, "low");
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync(
            "web",
            ("TS_EXPERIMENTAL_DEST_DNS_NAME", "web.default.svc.cluster.local"),
            ("FAIRLEAD_CLUSTER_DNS", dns.Address.ToString()),
            ("FAIRLEAD_LOW_PORT_OFFSET", $"{port - 80}"));

        await using var connection = await DialAsync(laptop, "web", 80);

        Assert.Equal("low: hello", await ExchangeAsync(connection, "hello"));
    }
}
