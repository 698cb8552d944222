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
    public async Task Once_tells_what_the_example_makes_in_its_order_and_ends()
    {
        var result = await RunningProgram.RunAsync(["dev", "--once", "--output", "json"], directory: _directory.Path);

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        var events = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("started", (string?)events[0]["event"]);
        Assert.Equal("ready", (string?)events[^1]["event"]);
        string[] made = [.. events.Where(e => (string?)e["event"] is "created" or "issued").Select(e => (string)e["kind"]!)];
        Assert.Equal(
            ["Namespace", "ServiceAccount", "CustomResourceDefinition", "Namespace", "Service", "Service", "auth key", "Secret", "StatefulSet"],
            made.Where(kind => kind != "Pod"));
        Assert.All(events.Where(e => (string?)e["event"] == "created"), e => Assert.NotNull((string?)e["why"]));
        var proxy = events[^1]["proxies"]!.AsArray().Single()!;
        Assert.Equal("lolice-argocd", (string?)proxy["hostname"]);
        Assert.Equal("True", (string?)proxy["ready"]!["status"]);
        Assert.Equal("False", (string?)proxy["running"]!["status"]);
    }

    [Fact]
    public async Task Once_in_text_names_every_object_and_shows_neither_keys_nor_control_sequences()
    {
        var result = await RunningProgram.RunAsync(["dev", "--once"], directory: _directory.Path);

        Assert.Equal(0, result.ExitCode);
        foreach (var text in (string[])["Secret tailscale/ts-argocd-server-", "auth key k", "TailscaleProxyReady=True ProxyCreated", "kubectl --kubeconfig"])
        {
            Assert.Contains(text, result.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("tskey-", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
        Assert.False(File.Exists(Path.Combine(_directory.Path, ".fairlead", "kubeconfig")));
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
        await using var program = RunningProgram.Start(["dev"], directory: _directory.Path);
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
            await user.AnnotateAsync("web", "tailscale.com/hostname", "shop");
            await program.LineAsync("-0: device shop");
            await user.AnnotateAsync("web", "tailscale.com/expose", null);
            await program.LineAsync("asks for no proxy any more");
            await program.LineAsync("deleted   StatefulSet tailscale/ts-web-");
            await program.LineAsync("deleted   Secret tailscale/ts-web-");
        }

        program.Terminate();
        var result = await program.EndAsync(within: TimeSpan.FromSeconds(10));

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        Assert.False(File.Exists(kubeconfig));
    }

    [Fact]
    public async Task A_directory_in_use_is_named_with_the_process_that_uses_it()
    {
        await using var first = RunningProgram.Start(["dev"], directory: _directory.Path);
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
}
