using System.Text.Json.Nodes;
using Fairlead.EndToEnd.Tests.Processes;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Keys;

namespace Fairlead.EndToEnd.Tests.Dev;

public sealed class EmbeddedPartsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_cluster_alone_serves_those_with_its_kubeconfig_and_writes_an_audit_log()
    {
        var kubeconfig = Path.Combine(_directory.Path, "kubeconfig");
        var audit = Path.Combine(_directory.Path, "audit.log");
        await using var program = RunningProgram.Start(["dev", "cluster", "--kubeconfig", kubeconfig, "--audit-log", audit, "--dual-stack", "-o", "json"]);
        var line = JsonNode.Parse(await program.LineAsync("kubernetesApi"))!;
        using (var user = DevUser.From(kubeconfig))
        {
            await user.CreateServiceAsync("web");
        }

        program.Terminate();
        var result = await program.EndAsync(within: TimeSpan.FromSeconds(10));

        Assert.Equal(kubeconfig, (string?)line["kubeconfig"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("/api/v1/namespaces/default/services", await File.ReadAllTextAsync(audit, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_control_plane_alone_issues_keys_to_those_with_its_credentials()
    {
        await using var program = RunningProgram.Start(["dev", "tailnet", "--credentials", _directory.Path, "-o", "json"]);
        var line = JsonNode.Parse(await program.LineAsync("controlPlane"))!;
        var (id, secret) = ((string)line["clientIdFile"]!, (string)line["clientSecretFile"]!);
        Assert.All((string[])[id, secret], file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        using var client = new TailscaleClient(new TailscaleClientOptions
        {
            BaseAddress = new Uri((string)line["controlPlane"]!),
            Credentials = OAuthClientCredentials.FromFiles(id, secret),
        });

        var key = await client.Keys.CreateAsync(new AuthKeyRequest { Tags = ["tag:k8s"] }, TestContext.Current.CancellationToken);

        Assert.NotNull(key.Secret);
        await using var node = RunningProgram.Start(
            ["tailnet", "up", "--login-server", (string)line["controlPlane"]!, "--hostname", "laptop", "--ephemeral", "--state", Path.Combine(_directory.Path, "node")],
            new Dictionary<string, string> { ["TS_AUTHKEY"] = (string)line["authKey"]! });
        await node.LineAsync("laptop.embedded.ts.net has joined");
        node.Terminate();
        await node.EndAsync(within: TimeSpan.FromSeconds(10));
        program.Terminate();
        Assert.Equal(0, (await program.EndAsync(within: TimeSpan.FromSeconds(10))).ExitCode);
    }
}
