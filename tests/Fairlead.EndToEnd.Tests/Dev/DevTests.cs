using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.EndToEnd.Tests.Processes;

namespace Fairlead.EndToEnd.Tests.Dev;

public sealed class DevTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Once_tells_what_the_examples_make_and_the_way_of_each_request_and_ends()
    {
        Require.PodsAsProcesses();
        var result = await RunningProgram.RunAsync(["dev", "--once", "--output", "json", "--timeout", "60"], directory: _directory.Path);

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        var events = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("started", (string?)events[0]["event"]);
        string[] made = [.. events.Where(e => (string?)e["event"] is "created").Select(e => $"{e["kind"]} {e["namespace"]}/{e["name"]}")];
        Assert.Equal(
            ["Namespace /argocd", "Service argocd/argocd-server", "Service default/tailnet-db", "Service default/web"],
            made.Where(name => !name.Contains("tailscale/", StringComparison.Ordinal) && !name.StartsWith("Pod ", StringComparison.Ordinal)));
        Assert.All(events.Where(e => (string?)e["event"] == "created"), e => Assert.NotNull((string?)e["why"]));
        Assert.Equal(3, events.Count(e => (string?)e["event"] == "issued"));
        Assert.Equal(3, events.Count(e => (string?)e["event"] == "joined"));

        var argocd = Request(events, "argocd-server");
        Assert.Equal("http://lolice-argocd/", (string?)argocd["url"]);
        Assert.Equal(
            ["lolice-argocd.your-tailnet.ts.net", "Pod tailscale/ts-argocd-server", "Service argocd/argocd-server", "Pod argocd/argocd-server"], Places(argocd));
        var web = Request(events, "web");
        Assert.Equal(
            [
                "default-web.your-tailnet.ts.net", "Pod tailscale/ts-web", "Service default/web", "Pod default/web", "Service default/tailnet-db",
                "Pod tailscale/ts-tailnet-db", "db.your-tailnet.ts.net",
            ],
            Places(web));

        Assert.Equal("complete", (string?)events[^1]["event"]);
        Assert.InRange((double)events[^1]["firstAnswerSeconds"]!, 0.01, 60);
        var proxy = events[^1]["proxies"]!.AsArray().Single(p => (string?)p!["service"] == "argocd-server")!;
        Assert.Equal("lolice-argocd.your-tailnet.ts.net", (string?)proxy["device"]);
        Assert.Equal(2, proxy["addresses"]!.AsArray().Count);
        Assert.Equal("True", (string?)proxy["running"]!["status"]);
    }

    [Fact]
    public async Task Once_in_text_explains_every_object_when_asked_to_and_leaves_nothing_behind()
    {
        Require.PodsAsProcesses();
        var result = await RunningProgram.RunAsync(["dev", "--once", "--explain", "--timeout", "60"], directory: _directory.Path);

        Assert.Equal(0, result.ExitCode);
        foreach (var text in (string[])["Secret tailscale/ts-argocd-server-", "auth key k", "TailscaleProxyReady=True ProxyCreated", "laptop$ curl http://lolice-argocd/", "dev exec -- curl"])
        {
            Assert.Contains(text, result.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("tskey-", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Path, ".fairlead")));
    }

    [Fact]
    public async Task Once_ends_with_the_reason_when_a_Service_is_invalid()
    {
        var manifest = _directory.File("service.yaml", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                tailscale.com/expose: "true"
                tailscale.com/tags: nonsense
            spec:
              ports: [{port: 80}]
            """);

        var result = await RunningProgram.RunAsync(["dev", "--once", "-f", manifest, "-o", "json"], directory: _directory.Path);

        Assert.Equal(1, result.ExitCode);
        var last = JsonNode.Parse(result.Output.TrimEnd().Split('\n')[^1])!;
        Assert.Equal("notReady", (string?)last["event"]);
        Assert.Contains("Service default/web", (string?)last["reason"], StringComparison.Ordinal);
        Assert.Contains("invalid tag", (string?)last["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_does_not_succeed_while_nobody_answers_behind_a_Service()
    {
        Require.PodsAsProcesses();
        var manifest = _directory.File("service.yaml", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                tailscale.com/expose: "true"
            spec:
              selector: {app: wbe}
              ports: [{port: 80}]
            """);

        var result = await RunningProgram.RunAsync(["dev", "--once", "-f", manifest, "-o", "json", "--timeout", "6"], directory: _directory.Path);

        Assert.Equal(1, result.ExitCode);
        var last = JsonNode.Parse(result.Output.TrimEnd().Split('\n')[^1])!;
        Assert.Equal("notReady", (string?)last["event"]);
        Assert.Equal("after 6 s: Service default/web: no Pod that it selects is ready to answer", (string?)last["reason"]);
    }

    [Fact]
    public async Task What_the_API_server_refuses_is_reported_with_its_place()
    {
        var manifest = _directory.File("service.yaml", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
            spec:
              ports:
                - port: 80000
            """);

        var result = await RunningProgram.RunAsync(["dev", "--once", "-f", manifest], directory: _directory.Path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("service.yaml:7:7: Service default/web: spec.ports[0].port: ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_shows_what_happens_to_a_Service_of_the_users_and_stops_cleanly()
    {
        Require.PodsAsProcesses();
        await using var program = RunningProgram.Start(["dev", "--explain", "-f", _directory.File("empty.yaml", "")], directory: _directory.Path);
        await program.LineAsync("Try next");
        var kubeconfig = Path.Combine(_directory.Path, ".fairlead", "kubeconfig");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kubeconfig));
        using (var user = DevUser.From(kubeconfig))
        {
            await user.CreateServiceAsync("web");
            await program.LineAsync("Service default/web: ");
            await user.AnnotateAsync("web", "tailscale.com/expose", "true");
            await program.LineAsync("asks to be on the tailnet as default-web");
            await program.LineAsync("created   StatefulSet tailscale/ts-web-");
            await program.LineAsync("joined    device default-web.your-tailnet.ts.net");
            await user.AnnotateAsync("web", "tailscale.com/hostname", "shop");
            await program.LineAsync("joined    device shop.your-tailnet.ts.net");
            await user.AnnotateAsync("web", "tailscale.com/expose", null);
            await program.LineAsync("asks for no proxy any more");
            await program.LineAsync("deleted   StatefulSet tailscale/ts-web-");
            await program.LineAsync("deleted   Secret tailscale/ts-web-");
        }

        program.Terminate();
        var result = await program.EndAsync(within: TimeSpan.FromSeconds(10));

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Path, ".fairlead")));
    }

    [Fact]
    public async Task Commands_run_on_the_laptops_tailnet_and_kubectl_shows_the_logs_of_Pods()
    {
        Require.PodsAsProcesses();
        Require.Program("curl");
        Require.Program("kubectl");
        await using var session = RunningProgram.Start(["dev"], directory: _directory.Path);
        await session.LineAsync("Try next");

        var answer = await RunningProgram.RunAsync(["dev", "exec", "--", "sh", "-c", "curl --silent http://lolice-argocd/from-exec; curl --silent --insecure https://lolice-argocd/encrypted; exit 7"], directory: _directory.Path);
        Assert.Equal(7, answer.ExitCode);
        Assert.Contains("Hello from argocd-server-", answer.Output, StringComparison.Ordinal);
        Assert.Contains("You asked for https://lolice-argocd/encrypted ", answer.Output, StringComparison.Ordinal);

        var log = await RunningProgram.RunAsync(["dev", "exec", "--", "kubectl", "-n", "argocd", "logs", "deploy/argocd-server"], directory: _directory.Path);
        Assert.Equal(0, log.ExitCode);
        Assert.Contains("GET /from-exec ", log.Output, StringComparison.Ordinal);

        var unknown = await RunningProgram.RunAsync(["dev", "exec", "no-such-command"], directory: _directory.Path);
        Assert.Equal(127, unknown.ExitCode);
        Assert.StartsWith("fairlead dev exec: no-such-command cannot be run: ", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_killed_takes_its_Pods_with_it()
    {
        Require.PodsAsProcesses();
        var pods = Path.Combine(_directory.Path, ".fairlead", "pods");
        await using var session = RunningProgram.Start(["dev"], directory: _directory.Path);
        await session.LineAsync("ready     Pod argocd/argocd-server-");
        Assert.NotEqual(0, ProcessesIn.Count(pods));

        session.KillAlone();

        await ProcessesIn.NoneAsync(pods);
    }

    [Fact]
    public async Task A_command_without_a_session_is_told_how_to_start_one()
    {
        var result = await RunningProgram.RunAsync(["dev", "exec", "--", "true"], directory: _directory.Path);

        Assert.Equal(3, result.ExitCode);
        Assert.Matches("^fairlead dev exec: no session answers in .*; start one there with 'fairlead dev'", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task A_directory_in_use_is_named_with_the_process_that_uses_it()
    {
        Require.PodsAsProcesses();
        await using var first = RunningProgram.Start(["dev", "-f", _directory.File("empty.yaml", "")], directory: _directory.Path);
        await first.LineAsync("Kubernetes API");

        var second = await RunningProgram.RunAsync(["dev"], directory: _directory.Path);

        Assert.Equal(3, second.ExitCode);
        Assert.Matches(@"^fairlead dev: process \d+ uses the directory .fairlead; .*--directory", second.Errors);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var api = await RunningProgram.RunAsync(["dev", "--port", port], directory: _directory.Path);
        var tailnet = await RunningProgram.RunAsync(["dev", "tailnet", "--port", port], directory: _directory.Path);

        Assert.All((ProgramResult[])[api, tailnet], result =>
        {
            Assert.Equal(3, result.ExitCode);
            Assert.Contains(port, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
            Assert.Contains("choose another port", result.Errors, StringComparison.Ordinal);
        });
    }

    private static JsonNode Request(IEnumerable<JsonNode> events, string service) =>
        events.Single(e => (string?)e["event"] == "request" && (string?)e["service"] == service && (bool)e["arrived"]! && (string?)e["outcome"] == "200 OK");

    /// <summary>The stations of a request without addresses and the parts of names that differ from run to run.</summary>
    private static IEnumerable<string> Places(JsonNode request) =>
        from hop in request["hops"]!.AsArray()
        let words = ((string)hop!["place"]!).Split(' ')
        let name = words[0] is "Pod" ? $"Pod {Stem(words[1])}" : words[0] is "Service" ? $"Service {words[1]}" : words[0]
        select name;

    private static string Stem(string pod) => string.Join('-', pod.Split('-')[..^2]);
}
