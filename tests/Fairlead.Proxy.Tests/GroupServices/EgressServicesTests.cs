using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Proxy.Tests.Tailscaled;

namespace Fairlead.Proxy.Tests.GroupServices;

public sealed class EgressServicesTests : GroupProxyTest
{
    private static readonly IPAddress Pod = IPAddress.Parse("127.97.1.3");

    [Fact]
    public async Task Ports_of_the_Pod_lead_to_targets_of_the_tailnet_and_the_operator_is_told_once_they_do()
    {
        var database = await JoinAsync("database");
        using var listener = database.ListenTcp(5432);
        using var names = database.ListenUdp(53);
        var answering = AnswerAsync(listener, names);
        var services = Mount(
            ("egress-services", Services(("default-db", $$"""{"ip":"","fqdn":"{{database.Status.Name}}"}""", [("TCP", 10417, 5432), ("UDP", 10418, 53)]))),
            ("hep-pings", "6"));
        var pod = await StartPodAsync("eg-0", Pod.ToString(), MountDevice("eg-0"), ("TS_EGRESS_PROXIES_CONFIG_PATH", services.Path));

        var status = await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("100.", StringComparison.Ordinal));
        using var client = new TcpClient();
        await client.ConnectAsync(new IPEndPoint(Pod, 10417), Stop);
        using var socket = new UdpClient();
        await socket.SendAsync(Encoding.ASCII.GetBytes("name"), new IPEndPoint(Pod, 10418), Stop);

        Assert.Equal("database: select", await ExchangeAsync(client.GetStream(), "select"));
        Assert.Equal("names: name", Encoding.ASCII.GetString((await socket.ReceiveAsync(Stop)).Buffer));
        Assert.Equal(
            $$$$$"""{"podIPv4":"{{{{{Pod}}}}}","services":{"default-db":{"ports":[{"protocol":"TCP","matchPort":10417,"targetPort":5432},{"protocol":"UDP","matchPort":10418,"targetPort":53}],"tailnetTargetIPs":["{{{{{database.Status.Addresses[0]}}}}}","{{{{{database.Status.Addresses[1]}}}}}"],"tailnetTarget":{"ip":"","fqdn":"{{{{{database.Status.Name}}}}}"}}}}""",
            status);
        Assert.Equal("uid-of-eg-0", await StateAsync("eg-0", "pod_uid"));
        client.Close();
        await answering;
    }

    [Fact]
    public async Task Services_come_and_go_and_a_target_that_is_not_known_yet_is_told_without_addresses()
    {
        var web = await JoinAsync("web");
        using var listener = web.ListenTcp(80);
        var services = Mount(("egress-services", Services(("default-late", """{"ip":"","fqdn":"late.embedded.ts.net"}""", [("TCP", 10500, 80)]))), ("hep-pings", "6"));
        var pod = await StartPodAsync("eg-0", "127.97.1.4", MountDevice("eg-0"), ("TS_EGRESS_PROXIES_CONFIG_PATH", services.Path));
        var unresolved = await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("default-late", StringComparison.Ordinal));
        Assert.Contains("\"tailnetTargetIPs\":[]", unresolved, StringComparison.Ordinal);

        var late = await JoinAsync("late");
        using var lateListener = late.ListenTcp(80);
        await StateAsync(pod, "eg-0", "egress-services", status => status.Contains(late.Status.Addresses[0].ToString(), StringComparison.Ordinal));
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.97.1.4", 10500, Stop);
            await using var accepted = await lateListener.AcceptAsync(Stop);
        }

        services.Replace(("egress-services", Services(("default-web", $$"""{"ip":"{{web.Status.Addresses[0]}}","fqdn":""}""", [("TCP", 10501, 80)]))), ("hep-pings", "6"));
        var changed = await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("default-web", StringComparison.Ordinal));

        Assert.DoesNotContain("default-late", changed, StringComparison.Ordinal);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.97.1.4", 10501, Stop);
            await using var accepted = await listener.AcceptAsync(Stop);
        }

        using var gone = new TcpClient();
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await gone.ConnectAsync("127.97.1.4", 10500, Stop));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Connections_outlive_a_target_that_is_gone_for_a_moment_and_new_ones_are_refused_until_it_is_back()
    {
        var address = new IPEndPoint(IPAddress.Parse("127.97.1.11"), 10505);
        var database = await JoinAsync("database");
        using var listener = database.ListenTcp(5432);
        (string, string) Entry(string name) =>
            ("egress-services", Services(("default-db", $$"""{"ip":"","fqdn":"{{name}}"}""", [("TCP", address.Port, 5432)])));
        var services = Mount(Entry(database.Status.Name), ("hep-pings", "6"));
        var pod = await StartPodAsync("eg-0", $"{address.Address}", MountDevice("eg-0"), ("TS_EGRESS_PROXIES_CONFIG_PATH", services.Path));
        Task<string> KnownAsync() => StateAsync(pod, "eg-0", "egress-services", status => status.Contains("100.", StringComparison.Ordinal));
        await KnownAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(address, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);

        services.Replace(Entry("unknown.embedded.ts.net"), ("hep-pings", "6"));
        await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("\"tailnetTargetIPs\":[]", StringComparison.Ordinal));
        using (var refused = new TcpClient())
        {
            Assert.Equal(
                SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(async () => await refused.ConnectAsync(address, Stop))).SocketErrorCode);
        }

        await client.GetStream().WriteAsync("still"u8.ToArray(), Stop);
        var buffer = new byte[5];
        await accepted.ReadExactlyAsync(buffer, Stop);
        Assert.Equal("still"u8.ToArray(), buffer);

        services.Replace(Entry(database.Status.Name), ("hep-pings", "6"));
        await KnownAsync();
        using var again = new TcpClient();
        await again.ConnectAsync(address, Stop);
        await using var acceptedAgain = await listener.AcceptAsync(Stop);
        await accepted.WriteAsync("there"u8.ToArray(), Stop);
        await client.GetStream().ReadExactlyAsync(buffer, Stop);
        Assert.Equal("there"u8.ToArray(), buffer);
    }

    [Fact]
    public async Task Datagrams_of_one_client_follow_a_target_that_changes()
    {
        const string PodIp = "127.97.1.13";
        var one = await JoinAsync("one");
        var two = await JoinAsync("two");
        using var before = one.ListenUdp(53);
        using var after = two.ListenUdp(53);
        (string, string) Entry(Fairlead.Tailnet.Nodes.TailnetNode node) =>
            ("egress-services", Services(("default-dns", $$"""{"ip":"{{node.Status.Addresses[0]}}"}""", [("UDP", 10508, 53)])));
        var services = Mount(Entry(one), ("hep-pings", "6"));
        var pod = await StartPodAsync("eg-0", PodIp, MountDevice("eg-0"), ("TS_EGRESS_PROXIES_CONFIG_PATH", services.Path));
        await StateAsync(pod, "eg-0", "egress-services", _ => true);
        using var client = new UdpClient();
        await client.SendAsync("first"u8.ToArray(), new IPEndPoint(IPAddress.Parse(PodIp), 10508), Stop);
        Assert.Equal(5, (await before.ReceiveAsync(new byte[16], Stop)).Length);

        services.Replace(Entry(two), ("hep-pings", "6"));
        await StateAsync(pod, "eg-0", "egress-services", status => status.Contains($"{two.Status.Addresses[0]}", StringComparison.Ordinal));
        await client.SendAsync("another"u8.ToArray(), new IPEndPoint(IPAddress.Parse(PodIp), 10508), Stop);

        Assert.Equal(7, (await after.ReceiveAsync(new byte[16], Stop)).Length);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_and_tried_again_and_leaves_the_other_Services_alone()
    {
        const string PodIp = "127.97.1.12";
        var web = await JoinAsync("web");
        using var listener = web.ListenTcp(80);
        var target = $$"""{"ip":"{{web.Status.Addresses[0]}}"}""";
        using var taken = new TcpListener(IPAddress.Parse(PodIp), 10506);
        taken.Start();
        var services = Mount(
            ("egress-services", Services(("default-taken", target, [("TCP", 10506, 80)]), ("default-web", target, [("TCP", 10507, 80)]))), ("hep-pings", "6"));
        var pod = await StartPodAsync("eg-0", PodIp, MountDevice("eg-0"), ("TS_EGRESS_PROXIES_CONFIG_PATH", services.Path));

        var told = await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("default-web", StringComparison.Ordinal));
        Assert.DoesNotContain("default-taken", told, StringComparison.Ordinal);
        Assert.Contains("default-taken: The Pod cannot listen on Tcp port 10506", Log.Text, StringComparison.Ordinal);
        using var client = new TcpClient();
        await client.ConnectAsync(PodIp, 10507, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);

        taken.Stop();
        await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("default-taken", StringComparison.Ordinal));
        using var second = new TcpClient();
        await second.ConnectAsync(PodIp, 10506, Stop);
        await using var secondAccepted = await listener.AcceptAsync(Stop);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_leaves_what_was_carried_before()
    {
        var web = await JoinAsync("web");
        using var listener = web.ListenTcp(80);
        var entry = Services(("default-web", $$"""{"ip":"{{web.Status.Addresses[0]}}"}""", [("TCP", 10502, 80)]));
        var services = Mount(("egress-services", entry), ("hep-pings", "6"));
        var pod = await StartPodAsync("eg-0", "127.97.1.5", MountDevice("eg-0"), ("TS_EGRESS_PROXIES_CONFIG_PATH", services.Path));
        await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("default-web", StringComparison.Ordinal));

        services.Replace(("egress-services", entry[..^4]), ("hep-pings", "6"));
        await Wait.UntilAsync("the file is refused", () => Log.Text.Contains("egress-services cannot be read at", StringComparison.Ordinal));

        using var client = new TcpClient();
        await client.ConnectAsync("127.97.1.5", 10502, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);
    }

    [Theory]
    [InlineData(0, "127.97.1.6")]
    [InlineData(401, "127.97.1.7")]
    [InlineData(403, "127.97.1.8")]
    [InlineData(404, "127.97.1.9")]
    [InlineData(503, "127.97.1.10")]
    public async Task Whatever_the_API_server_answers_traffic_goes_on_and_the_operator_is_told_later(int code, string podIp)
    {
        var web = await JoinAsync("web");
        using var listener = web.ListenTcp(80);
        string Entry(int port) => Services(("default-web", $$"""{"ip":"{{web.Status.Addresses[0]}}"}""", [("TCP", port, 80)]));
        var services = Mount(("egress-services", Entry(10503)), ("hep-pings", "6"));
        var pod = await StartPodAsync("eg-0", podIp, MountDevice("eg-0"), ("TS_EGRESS_PROXIES_CONFIG_PATH", services.Path));
        await StateAsync(pod, "eg-0", "device_ips", _ => true);
        await Wait.UntilAsync("it is up", () => Log.Text.Contains("Startup complete", StringComparison.Ordinal));

        Cluster.Faults.Add(new RequestMatch { Verb = "patch", Resource = "secrets" }, code == 0 ? new FaultEffect.CutBefore() : new FaultEffect.Fail(code, "Injected"), times: int.MaxValue);
        services.Replace(("egress-services", Entry(10504)), ("hep-pings", "6"));
        await Wait.UntilAsync("the operator is not told", () => Log.Text.Contains("cannot be told what changed", StringComparison.Ordinal));
        using var client = new TcpClient();
        await client.ConnectAsync(podIp, 10504, Stop);
        await using var accepted = await listener.AcceptAsync(Stop);
        Assert.False(pod.Ended.IsCompleted);
        Cluster.Faults.Clear();

        await StateAsync(pod, "eg-0", "egress-services", status => status.Contains("10504", StringComparison.Ordinal));
    }

    private static string Services(params (string Name, string Target, (string Protocol, int Match, int Target)[] Ports)[] services) =>
        "{" + string.Join(
            ',',
            services.Select(service =>
                $$"""
                "{{service.Name}}":{"healthCheckEndpoint":"","tailnetTarget":{{service.Target}},"ports":[{{string.Join(',', service.Ports.Select(port =>
                    $$"""{"protocol":"{{port.Protocol}}","matchPort":{{port.Match}},"targetPort":{{port.Target}}}"""))}}]}
                """)) + "}";

    private static async Task AnswerAsync(Fairlead.Tailnet.Nodes.TailnetListener listener, Fairlead.Tailnet.Netstack.Udp.UdpSocket names)
    {
        await using var connection = await listener.AcceptAsync(Stop);
        var buffer = new byte[64];
        var length = await connection.ReadAsync(buffer, Stop);
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"database: {Encoding.ASCII.GetString(buffer, 0, length)}"), Stop);
        var received = await names.ReceiveAsync(buffer, Stop);
        names.SendTo(Encoding.ASCII.GetBytes($"names: {Encoding.ASCII.GetString(buffer, 0, received.Length)}"), received.RemoteEndPoint);
        Assert.Equal(0, await connection.ReadAsync(buffer, Stop));
    }
}
