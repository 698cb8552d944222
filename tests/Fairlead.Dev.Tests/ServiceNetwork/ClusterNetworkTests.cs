using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.ServiceNetwork;

namespace Fairlead.Dev.Tests.ServiceNetwork;

public sealed class ClusterNetworkTests : IAsyncLifetime
{
    private readonly LoopbackNetwork _network = LoopbackNetwork.Claim();
    private EmbeddedCluster _cluster = null!;
    private ClusterNetwork _services = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IClusterApi Api => _cluster.Api;

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { ServiceRanges = [_network.ServiceRange] }, Token);
        _services = ClusterNetwork.Start(_cluster, new ClusterNetworkOptions { Network = _network });
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _cluster.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task Connections_go_to_ready_endpoints_in_turn_and_show_where_they_come_from()
    {
        using var one = new EchoServer("one");
        using var two = new EchoServer("two");
        var address = CreateService("web", 80);
        SetEndpoints("web", (one.Port, true), (two.Port, true));
        await UntilServedAsync(address, 80);

        // Each endpoint has a slice of its own, and the first one is served as soon as it is there.
        await UntilAsync(async () => (await AskAsync(address, 80)).StartsWith("two", StringComparison.Ordinal));
        var answers = new List<string>();
        for (var i = 0; i < 4; i++)
            answers.Add(await AskAsync(address, 80));
        Assert.Equal(2, answers.Count(a => a.StartsWith("one", StringComparison.Ordinal)));
        Assert.EndsWith(" 127.9.9.9", await AskAsync(address, 80, IPAddress.Parse("127.9.9.9")), StringComparison.Ordinal);

        SetEndpoints("web", (one.Port, false), (two.Port, true));
        await UntilAsync(async () => (await Task.WhenAll(AskAsync(address, 80), AskAsync(address, 80))).All(a => a.StartsWith("two", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_Service_without_endpoints_refuses_and_one_that_loses_them_ends_its_connections()
    {
        using var server = new EchoServer("one");
        var address = CreateService("web", 8080);
        SetEndpoints("web", (server.Port, true));
        await UntilServedAsync(address, 8080);
        using var client = new TcpClient();
        await client.ConnectAsync(_services.Locate(address, 8080), Token);
        var stream = client.GetStream();
        await stream.WriteAsync("a\n"u8.ToArray(), Token);
        Assert.True(await stream.ReadAsync(new byte[100], Token) > 0);
        SetEndpoints("web");
        Assert.Equal(0, await ReadToEndAsync(stream));
        await UntilAsync(async () => await RefusesAsync(address, 8080));
    }

    [Fact]
    public async Task A_client_stays_with_its_endpoint_where_the_Service_says_so()
    {
        using var one = new EchoServer("one");
        using var two = new EchoServer("two");
        var address = CreateService("web", 80, """{"sessionAffinity":"ClientIP"}""");
        SetEndpoints("web", (one.Port, true), (two.Port, true));
        await UntilServedAsync(address, 80);
        var first = await AskAsync(address, 80);
        for (var i = 0; i < 4; i++)
            Assert.Equal(first, await AskAsync(address, 80));
    }

    [Fact]
    public async Task Datagrams_go_there_and_back()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = CreateService("udp", 5353, protocol: "UDP");
        SetEndpoints("udp", "UDP", (((IPEndPoint)server.LocalEndPoint!).Port, true));
        using var client = new UdpClient(AddressFamily.InterNetwork);
        var buffer = new byte[100];
        var received = server.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), Token).AsTask();
        await _services.WhenServedAsync(address, 5353, ProtocolType.Udp, Token);
        await client.SendAsync("ping"u8.ToArray(), _services.Locate(address, 5353), Token);
        await server.SendToAsync("pong"u8.ToArray(), SocketFlags.None, (await received).RemoteEndPoint, Token);
        var answer = await client.ReceiveAsync(Token);
        Assert.Equal("pong", Encoding.ASCII.GetString(answer.Buffer));
        Assert.Equal(_services.Locate(address, 5353), answer.RemoteEndPoint);
    }

    [Fact]
    public async Task The_API_server_is_the_Service_kubernetes()
    {
        var address = IPAddress.Parse((string)Api.Get("", "services", "default", "kubernetes")!["spec"]!["clusterIP"]!);
        await UntilServedAsync(address, 443);
        using var http = Cluster.Server.TestCluster.Client(_cluster, null);
        using var answer = await http.GetAsync(new Uri($"https://{_services.Locate(address, 443)}/healthz"), Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Names_of_Services_are_answered()
    {
        var address = CreateService("web", 80);
        Api.Create("", "services", "default", JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"out"},"spec":{"type":"ExternalName","externalName":"db.example.com"}}""")!.AsObject());
        Api.Create("", "services", "default", JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"alias"},"spec":{"type":"ExternalName","externalName":"web.default.svc.cluster.local"}}""")!.AsObject());
        Api.Create("", "services", "default", JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"db"},"spec":{"clusterIP":"None","ports":[{"name":"sql","port":5432}]}}""")!.AsObject());
        SetEndpoints("db", "TCP", "sql", [("127.77.0.1", "db-0", 5432), ("127.77.0.2", "db-1", 5432)]);
        using var dns = new DnsClient(_services.DnsEndPoint);
        await UntilAsync(async () => (await dns.AskAsync("db.default.svc.cluster.local", 1)).Answers.Count == 2);

        Assert.Equal([$"A {address}"], (await dns.AskAsync("WEB.default.svc.cluster.local", 1)).Answers);
        Assert.Equal(["A 127.77.0.1", "A 127.77.0.2"], (await dns.AskAsync("db.default.svc.cluster.local", 1)).Answers.Order(StringComparer.Ordinal));
        Assert.Equal(["A 127.77.0.2"], (await dns.AskAsync("db-1.db.default.svc.cluster.local", 1, overTcp: true)).Answers);
        Assert.Equal(["CNAME db.example.com"], (await dns.AskAsync("out.default.svc.cluster.local", 1)).Answers);
        Assert.Equal(["CNAME web.default.svc.cluster.local", $"A {address}"], (await dns.AskAsync("alias.default.svc.cluster.local", 1)).Answers);
        Assert.Equal(
            ["SRV 5432 db-0.db.default.svc.cluster.local", "SRV 5432 db-1.db.default.svc.cluster.local"],
            (await dns.AskAsync("_sql._tcp.db.default.svc.cluster.local", 33)).Answers.Order(StringComparer.Ordinal));
        Assert.Equal((0, 0), Code(await dns.AskAsync("web.default.svc.cluster.local", 28)));
        Assert.Equal((3, 0), Code(await dns.AskAsync("nobody.default.svc.cluster.local", 1)));
        Assert.Equal((5, 0), Code(await dns.AskAsync("example.com", 1)));
    }

    [Fact]
    public async Task Bytes_that_are_no_query_do_no_harm()
    {
        var random = new Random(1);
        using var dns = new DnsClient(_services.DnsEndPoint);
        var query = DnsClient.Query("web.default.svc.cluster.local", 1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = query[..random.Next(query.Length + 1)];
            for (var changes = random.Next(4); changes > 0 && bytes.Length > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = Fairlead.Dev.ServiceNetwork.Dns.DnsQuery.Read(bytes);
            await dns.SendAsync(bytes);
        }

        await UntilAsync(async () => (await dns.AskAsync("kubernetes.default.svc.cluster.local", 1)).Answers.Count == 1);
    }

    private static (int Code, int Answers) Code((int Code, List<string> Answers) answer) => (answer.Code, answer.Answers.Count);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
            await look.WaitForNextTickAsync(limit.Token);
    }

    private static async Task<int> ReadToEndAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[100], Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private IPAddress CreateService(string name, int port, string spec = "{}", string protocol = "TCP")
    {
        var fields = JsonNode.Parse(spec)!.AsObject();
        fields["ports"] = new JsonArray(new JsonObject { ["name"] = "p", ["port"] = port, ["protocol"] = protocol });
        var created = Api.Create("", "services", "default", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = fields,
        });
        var address = IPAddress.Parse((string)created["spec"]!["clusterIP"]!);
        Assert.True(_network.ServiceRange.Contains(address));
        return address;
    }

    private void SetEndpoints(string service, params (int Port, bool Ready)[] endpoints) => SetEndpoints(service, "TCP", endpoints);

    // A slice for each, since each has a port of its own.
    private void SetEndpoints(string service, string protocol, params (int Port, bool Ready)[] endpoints)
    {
        var wanted = endpoints.Select(e => $"{service}-{e.Port}").ToHashSet();
        foreach (var old in Api.List("discovery.k8s.io", "endpointslices", "default").Where(s => (string?)s["metadata"]!["labels"]?["kubernetes.io/service-name"] == service))
        {
            if (!wanted.Contains((string)old["metadata"]!["name"]!))
                Api.Delete("discovery.k8s.io", "endpointslices", "default", (string)old["metadata"]!["name"]!);
        }

        foreach (var (port, ready) in endpoints)
            PutSlice($"{service}-{port}", service, "p", protocol, port, [new JsonObject { ["addresses"] = new JsonArray("127.0.0.1"), ["conditions"] = new JsonObject { ["ready"] = ready } }]);
    }

    private void SetEndpoints(string service, string protocol, string portName, (string Address, string Host, int Port)[] endpoints) =>
        PutSlice($"{service}-1", service, portName, protocol, endpoints[0].Port,
            [.. endpoints.Select(e => new JsonObject { ["addresses"] = new JsonArray(e.Address), ["hostname"] = e.Host, ["conditions"] = new JsonObject { ["ready"] = true } })]);

    private void PutSlice(string name, string service, string portName, string protocol, int port, JsonObject[] endpoints)
    {
        var slice = new JsonObject
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["addressType"] = "IPv4",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = service } },
            ["ports"] = new JsonArray(new JsonObject { ["name"] = portName, ["port"] = port, ["protocol"] = protocol }),
            ["endpoints"] = new JsonArray([.. endpoints]),
        };
        if (Api.Get("discovery.k8s.io", "endpointslices", "default", name) is null)
            Api.Create("discovery.k8s.io", "endpointslices", "default", slice);
        else
            Api.Update("discovery.k8s.io", "endpointslices", "default", slice);
    }

    private Task UntilServedAsync(IPAddress address, int port) => _services.WhenServedAsync(address, port, ProtocolType.Tcp, Token);

    private async Task<bool> RefusesAsync(IPAddress address, int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(_services.Locate(address, port), Token);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    private async Task<string> AskAsync(IPAddress address, int port, IPAddress? from = null)
    {
        using var client = from is null ? new TcpClient(AddressFamily.InterNetwork) : new TcpClient(new IPEndPoint(from, 0));
        await client.ConnectAsync(_services.Locate(address, port), Token);
        using var reader = new StreamReader(client.GetStream());
        await reader.BaseStream.WriteAsync("hello\n"u8.ToArray(), Token);
        client.Client.Shutdown(SocketShutdown.Send);
        return await reader.ReadToEndAsync(Token);
    }
}
