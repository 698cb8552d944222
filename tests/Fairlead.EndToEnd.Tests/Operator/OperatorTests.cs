using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.EndToEnd.Tests.Dev;
using Fairlead.EndToEnd.Tests.Processes;

namespace Fairlead.EndToEnd.Tests.Operator;

public sealed class OperatorTests : IDisposable
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(10);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_gives_an_annotated_Service_a_proxy_and_ends_within_the_grace_period_of_SIGTERM()
    {
        await using var cluster = await StartClusterAsync();
        await using var tailnet = await EmbeddedTailnet.StartAsync(ct: TestContext.Current.CancellationToken);
        var client = tailnet.Clients.AddOAuthClient(Scopes.Operator, ["tag:k8s-operator"]);
        await using var program = RunningProgram.Start(["operator"], Environment(tailnet.BaseAddress, client.Id, client.Secret!));
        using var user = DevUser.From(Kubeconfig);
        await user.CreateServiceAsync("web", ("tailscale.com/expose", "true"));

        var ready = await user.ConditionAsync("web", "TailscaleProxyReady", "ProxyCreated");
        program.Terminate();
        var result = await program.EndAsync(GracePeriod);

        Assert.Equal("True", ready.Status);
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain(client.Secret!, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("tskey-auth", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_credentials_become_a_condition_and_the_operator_keeps_running()
    {
        await using var cluster = await StartClusterAsync();
        await using var tailnet = await EmbeddedTailnet.StartAsync(ct: TestContext.Current.CancellationToken);
        var client = tailnet.Clients.AddOAuthClient(Scopes.Operator, ["tag:k8s-operator"]);
        await using var program = RunningProgram.Start(["operator"], Environment(tailnet.BaseAddress, client.Id, "tskey-client-wrong"));
        using var user = DevUser.From(Kubeconfig);
        await user.CreateServiceAsync("web", ("tailscale.com/expose", "true"));

        var running = await user.ConditionAsync("web", "TailscaleProxyRunning", "CredentialsUnusable");
        Assert.Equal("False", running.Status);
        Assert.DoesNotContain("tskey-client-wrong", running.Message, StringComparison.Ordinal);

        // The files are read again: putting them right is enough.
        _directory.File("client_secret", client.Secret!);
        await user.ConditionAsync("web", "TailscaleProxyReady", "ProxyCreated");
        program.Terminate();
        Assert.Equal(0, (await program.EndAsync(GracePeriod)).ExitCode);
    }

    [Fact]
    public async Task Missing_credentials_become_a_condition_that_names_the_variables()
    {
        await using var cluster = await StartClusterAsync();
        var environment = Environment(new Uri("http://127.0.0.1:9"), "", "");
        environment["CLIENT_ID_FILE"] = "";
        await using var program = RunningProgram.Start(["operator"], environment);
        using var user = DevUser.From(Kubeconfig);
        await user.CreateServiceAsync("web", ("tailscale.com/expose", "true"));

        var running = await user.ConditionAsync("web", "TailscaleProxyRunning", "CredentialsUnusable");

        Assert.Contains("CLIENT_ID_FILE", running.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_server_that_cannot_be_reached_is_reported_and_tried_again_until_SIGTERM()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();
        _directory.File("kubeconfig", $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters:
              - name: c
                cluster: { server: "http://127.0.0.1:{{port}}" }
            contexts:
              - name: c
                context: { cluster: c }
            """);
        await using var program = RunningProgram.Start(["operator"], Environment(new Uri("http://127.0.0.1:9"), "id", "secret"));

        var line = await program.LineAsync($"127.0.0.1:{port}");
        program.Terminate();
        var result = await program.EndAsync(GracePeriod);

        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("apiVersion: v1\nclusters: [", "kubeconfig:3:1: ")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: gone\nclusters: [{name: c, cluster: {server: 'https://x'}}]", "there is no context 'gone'")]
    [InlineData("apiVersion: v1\nkind: Config\n", "no cluster is configured")]
    public async Task A_malformed_kubeconfig_is_named_in_one_line_with_exit_code_2(string kubeconfig, string expected)
    {
        _directory.File("kubeconfig", kubeconfig);

        var result = await RunningProgram.RunAsync(["operator"], Environment(new Uri("http://127.0.0.1:9"), "id", "secret"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FAIRLEAD_WORKERS", "many")]
    [InlineData("FAIRLEAD_LISTEN_ADDRESS", "somewhere")]
    [InlineData("FAIRLEAD_LOG_FORMAT", "xml")]
    [InlineData("OPERATOR_LOGIN_SERVER", "not a url")]
    public async Task A_setting_that_makes_no_sense_is_named_with_exit_code_2(string variable, string value)
    {
        var environment = Environment(new Uri("http://127.0.0.1:9"), "id", "secret");
        environment[variable] = value;

        var result = await RunningProgram.RunAsync(["operator"], environment);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{variable} is \"{value}\"; set it to", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    private string Kubeconfig => Path.Combine(_directory.Path, "kubeconfig");

    private async Task<EmbeddedCluster> StartClusterAsync()
    {
        var cluster = await EmbeddedCluster.StartAsync(EmbeddedClusterOptions.Default, TestContext.Current.CancellationToken);
        await cluster.WriteKubeconfigAsync(Kubeconfig, TestContext.Current.CancellationToken);
        cluster.Api.Create("", "namespaces", null, new() { ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "tailscale" } });
        return cluster;
    }

    private Dictionary<string, string> Environment(Uri controlPlane, string clientId, string clientSecret) => new()
    {
        ["KUBECONFIG"] = Kubeconfig,
        ["OPERATOR_NAMESPACE"] = "tailscale",
        ["OPERATOR_LOGIN_SERVER"] = controlPlane.GetLeftPart(UriPartial.Authority),
        ["CLIENT_ID_FILE"] = _directory.File("client_id", clientId),
        ["CLIENT_SECRET_FILE"] = _directory.File("client_secret", clientSecret),
        ["FAIRLEAD_LISTEN_ADDRESS"] = "off",
        ["FAIRLEAD_LEADER_ELECTION"] = "false",
        ["FAIRLEAD_LOG_FORMAT"] = "text",
    };
}
