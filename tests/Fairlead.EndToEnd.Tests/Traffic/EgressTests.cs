using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.DevEnvironments;
using Fairlead.Proxy.Targets;
using Fairlead.SampleApps;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>From Pods to what is on the tailnet only.</summary>
[Collection(TrafficCollection.Name)]
public sealed class EgressTests(TrafficFixture fixture)
{
    private const int EchoPort = 7007;

    private readonly TrafficEnvironment _environment = fixture.Environment;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Pod_reaches_a_database_of_the_tailnet_by_each_name_of_its_Service()
    {
        await using var node = await _environment.Parts.JoinAsync("db", Stop);
        var clients = new ConcurrentQueue<IPEndPoint>();
        using var listener = node.ListenTcp(SampleDatabase.Port);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var serving = ServeAsync(listener, clients, stopping.Token);
        CreateEgress("tailnet-db", $"db.{DevEnvironment.DnsSuffix}", ("TCP", SampleDatabase.Port));
        await RunsAsync("tailnet-db");

        // As in a container: short, with the namespace, and in full.
        string[] names = ["tailnet-db", $"tailnet-db.{TrafficEnvironment.Namespace}", $"tailnet-db.{TrafficEnvironment.Namespace}.svc.cluster.local"];
        foreach (var (i, name) in names.Index())
        {
            var app = await StartSampleAppAsync($"counter-{i}", $"{name}:{SampleDatabase.Port}");
            using var http = new HttpClient();
            using var answer = await http.GetAsync(new Uri($"http://{app}:8080/"), Stop);

            Assert.EndsWith($"This is visit number {i + 1}, says the database {name} on the tailnet.\n", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            Assert.StartsWith($"{_environment.ProxyPodAddress("tailnet-db")}:", answer.Headers.GetValues(SampleApp.DatabaseAddress).Single(), StringComparison.Ordinal);
        }

        var device = _environment.Parts.Tailnet.Devices.Snapshot().Single(device => device.Hostname == "default-tailnet-db");
        Assert.NotEmpty(clients);
        Assert.All(clients, client => Assert.Equal(device.NodeId, node.WhoIs(client)!.Node.StableID));
        await stopping.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Datagrams_reach_the_tailnet_by_the_name_of_a_Service_and_answers_come_back()
    {
        await using var node = await _environment.Parts.JoinAsync("echo", Stop);
        using var socket = node.ListenUdp(new IPEndPoint(IPAddress.Any, EchoPort));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var echoing = EchoAsync(socket, node, stopping.Token);
        CreateEgress("tailnet-echo", $"echo.{DevEnvironment.DnsSuffix}", ("UDP", EchoPort));
        await RunsAsync("tailnet-echo");

        var resolver = new DnsServerResolver(_environment.Parts.Services.DnsEndPoint);
        var address = Assert.Single(await resolver.ResolveAsync($"tailnet-echo.{TrafficEnvironment.Namespace}.svc.cluster.local", Stop));
        Assert.Equal((string)_environment.ProxyPod("tailnet-echo")["status"]!["podIP"]!, address.ToString());
        using var pod = new UdpClient(AddressFamily.InterNetwork);
        using var limit = TrafficEnvironment.NewLimit();
        for (var i = 0; i < 10; i++)
        {
            await pod.SendAsync(Encoding.ASCII.GetBytes($"question {i}"), new IPEndPoint(address, EchoPort), limit.Token);
            var answer = await pod.ReceiveAsync(limit.Token);
            Assert.Equal($"question {i} of default-tailnet-echo", Encoding.ASCII.GetString(answer.Buffer));
        }

        await stopping.CancelAsync();
        await echoing;
    }

    private void CreateEgress(string name, string target, params (string Protocol, int Port)[] ports) => _environment.Api.Create("", "services", TrafficEnvironment.Namespace, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { ["tailscale.com/tailnet-fqdn"] = target } },
        ["spec"] = new JsonObject
        {
            ["type"] = "ExternalName",
            ["externalName"] = "placeholder",
            ["ports"] = new JsonArray([.. ports.Select(port => new JsonObject { ["name"] = $"port-{port.Port}", ["protocol"] = port.Protocol, ["port"] = port.Port })]),
        },
    });

    /// <summary>Waits until a Service leads to a proxy's Pod that runs.</summary>
    private async Task RunsAsync(string service)
    {
        await _environment.UntilAsync($"the proxy of Service {service} runs", "", "services", () => _environment.HasRunningProxy(service));
        var headless = ((string)_environment.Api.Get("", "services", TrafficEnvironment.Namespace, service)!["spec"]!["externalName"]!).Split('.')[0];
        await _environment.UntilAsync(
            $"{headless} has an endpoint", "discovery.k8s.io", "endpointslices",
            () => _environment.Api.List("discovery.k8s.io", "endpointslices", TrafficEnvironment.ProxyNamespace)
                .Any(slice => (string?)slice["metadata"]!["labels"]?["kubernetes.io/service-name"] == headless && slice["endpoints"] is JsonArray { Count: > 0 }));
    }

    private async Task<IPAddress> StartSampleAppAsync(string name, string database)
    {
        _environment.Api.Create("", "pods", TrafficEnvironment.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = name,
                    ["image"] = DevImages.SampleApp,
                    ["env"] = new JsonArray(new JsonObject { ["name"] = "DATABASE", ["value"] = database }),
                    ["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/healthz", ["port"] = 8080 }, ["periodSeconds"] = 1 },
                }),
            },
        });
        JsonObject Pod() => _environment.Api.Get("", "pods", TrafficEnvironment.Namespace, name)!;
        await _environment.UntilAsync(
            $"Pod {name} is ready", "", "pods",
            () => Pod()["status"]?["conditions"]?.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True") == true);
        return IPAddress.Parse((string)Pod()["status"]!["podIP"]!);
    }

    private static async Task ServeAsync(TailnetListener listener, ConcurrentQueue<IPEndPoint> clients, CancellationToken stopping)
    {
        var database = new SampleDatabase();
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(stopping);
                clients.Enqueue(client.RemoteEndPoint);
                _ = database.ServeAsync(client, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>Gives back what comes, with the name of who sent it.</summary>
    private static async Task EchoAsync(UdpSocket socket, TailnetNode node, CancellationToken stopping)
    {
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, stopping);
                var sender = node.WhoIs(received.RemoteEndPoint)!.Node.Hostinfo!.Hostname;
                socket.SendTo(Encoding.ASCII.GetBytes($"{Encoding.ASCII.GetString(buffer, 0, received.Length)} of {sender}"), received.RemoteEndPoint);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
