using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.EndToEnd.Tests.Processes;
using Fairlead.Tailnet.Nodes;
using Fairlead.TailnetNodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fairlead.EndToEnd.Tests.Tailnet;

public sealed class TailnetTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private EmbeddedTailnet _tailnet = null!;
    private TailnetNode _peer = null!;
    private RunningProgram _node = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_directory.Path, "node");

    private Dictionary<string, string> WithKey => new() { ["TS_AUTHKEY"] = _tailnet.Keys.Create([], reusable: true).Secret! };

    public async ValueTask InitializeAsync()
    {
        _tailnet = await EmbeddedTailnet.StartAsync(new EmbeddedTailnetOptions { Relay = new RelayServerOptions { InsecureForTests = true } }, Stop);
        _peer = await TailnetNode.StartAsync(new TailnetNodeOptions { ControlUrl = _tailnet.BaseAddress, AuthKey = WithKey["TS_AUTHKEY"], Hostname = "peer" }, Stop);
        _node = RunningProgram.Start(["tailnet", "up", "--state", State, "--login-server", Url, "--hostname", "laptop"], WithKey);
        await _node.LineAsync("laptop.embedded.ts.net has joined with 100.64.");
    }

    private string Url => _tailnet.BaseAddress.GetLeftPart(UriPartial.Authority);

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _peer.DisposeAsync();
        await _tailnet.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Status_and_ping_tell_of_the_running_node()
    {
        var status = await RunAsync("status", "-o", "json");
        var ping = await RunAsync("ping", "peer", "--count", "1");
        var text = await RunAsync("status");

        Assert.Equal((0, "Running"), (status.ExitCode, JsonNode.Parse(status.Output)!["BackendState"]!.ToString()));
        Assert.Contains("pong from peer.embedded.ts.net", ping.Output, StringComparison.Ordinal);
        Assert.Contains("peer.embedded.ts.net", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_piped_in_comes_out_at_the_peer_and_back()
    {
        using var listener = _peer.ListenTcp(7);
        var echoing = Task.Run(async () =>
        {
            await using var connection = await listener.AcceptAsync(Stop);
            using var all = new MemoryStream();
            await connection.CopyToAsync(all, Stop);
            await connection.WriteAsync(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(all.ToArray()).ToUpperInvariant()), Stop);
        }, Stop);

        var result = await RunningProgram.RunAsync(["tailnet", "nc", "peer", "7", "--state", State], input: "through the tailnet");

        Assert.Equal((0, "THROUGH THE TAILNET"), (result.ExitCode, result.Output.Trim()));
        await echoing;
    }

    [Fact]
    public async Task A_local_server_is_served_and_found_through_the_proxy()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(context => context.Response.WriteAsync($"local {context.Request.Path}"));
        await app.StartAsync(Stop);
        await using var serving = RunningProgram.Start(["tailnet", "serve", "80", new Uri(app.Urls.Single()).Authority, "--state", State]);
        await serving.LineAsync("80 leads to");
        await using var proxy = RunningProgram.Start(["tailnet", "proxy", "--listen", "127.0.0.1:0", "--state", State]);
        var port = (await proxy.LineAsync("proxy on")).Split("127.0.0.1:")[1].Split(';')[0];

        foreach (var scheme in new[] { "socks5", "http" })
        {
            using var client = new HttpClient(new SocketsHttpHandler { Proxy = new WebProxy($"{scheme}://127.0.0.1:{port}") });
            Assert.Equal($"local /{scheme}", await client.GetStringAsync($"http://laptop/{scheme}", Stop));
        }
    }

    [Fact]
    public async Task A_server_on_any_port_tells_which_it_got()
    {
        await using var serving = RunningProgram.Start(["tailnet", "serve", "0", "127.0.0.1:9", "--state", State]);

        var port = int.Parse((await serving.LineAsync("leads to")).Split(' ')[0], CultureInfo.InvariantCulture);

        Assert.InRange(port, 1, ushort.MaxValue);
    }

    [Fact]
    public async Task An_OAuth_clients_secret_serves_as_auth_key()
    {
        var client = _tailnet.Clients.AddOAuthClient(["auth_keys"], ["tag:k8s"]);
        string[] up = ["tailnet", "up", "--state", Path.Combine(_directory.Path, "tagged"), "--login-server", Url, "--hostname", "tagged"];
        var secret = new Dictionary<string, string> { ["TS_AUTHKEY"] = $"{client.Secret}?baseURL={Uri.EscapeDataString(Url)}" };

        var untagged = await RunningProgram.RunAsync(up, secret);
        await using var tagged = RunningProgram.Start([.. up, "--advertise-tags", "tag:k8s"], secret);
        await tagged.LineAsync("tagged.embedded.ts.net has joined");

        Assert.Contains("tags", untagged.ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(untagged.ErrorLines, line => line.Contains(client.Secret!, StringComparison.Ordinal));
        Assert.Equal(["tag:k8s"], _tailnet.Devices.Snapshot().Single(device => device.Hostname == "tagged").Tags);
    }

    [Theory]
    [InlineData("host=peer&kind=disco&timeout=3601", "'timeout' is no number of seconds above 0 and up to 3600.")]
    [InlineData("host=peer&kind=disco&timeout=0", "'timeout' is no number of seconds above 0 and up to 3600.")]
    [InlineData("host=peer&kind=disco&timeout=-1", "'timeout' is no number of seconds above 0 and up to 3600.")]
    [InlineData("host=peer&kind=disco&timeout=NaN", "'timeout' is no number of seconds above 0 and up to 3600.")]
    [InlineData("host=peer&kind=disco", "'timeout' is missing.")]
    [InlineData("host=peer&kind=7&timeout=1", "'kind' is none of disco, tsmp and icmp.")]
    [InlineData("kind=disco&timeout=1", "'host' is missing.")]
    public async Task A_ping_that_is_asked_for_without_bounds_is_refused_with_the_reason(string query, string reason)
    {
        using var client = new NodeClient(NodeDirectory.At(State));

        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => client.GetAsync($"/ping?{query}", Stop));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_are_told_in_one_line_with_what_to_do()
    {
        var second = await RunningProgram.RunAsync(["tailnet", "up", "--state", State, "--login-server", Url], WithKey);
        Assert.Equal(3, second.ExitCode);
        Assert.Contains("--state", Assert.Single(second.ErrorLines), StringComparison.Ordinal);

        var nobody = await RunAsync("nc", "nobody", "80");
        Assert.Equal((3, "fairlead tailnet nc: The tailnet knows no host 'nobody'."), (nobody.ExitCode, Assert.Single(nobody.ErrorLines)));

        var portless = await RunAsync("serve", "svc:web:0", "127.0.0.1:80");
        Assert.Equal((3, "fairlead tailnet serve: 'svc:web:0' names no port; those of a Service are 1 to 65535."), (portless.ExitCode, Assert.Single(portless.ErrorLines)));

        var none = await RunningProgram.RunAsync(["tailnet", "status", "--state", Path.Combine(_directory.Path, "none")]);
        Assert.Equal(3, none.ExitCode);
        Assert.Contains("fairlead tailnet up", Assert.Single(none.ErrorLines), StringComparison.Ordinal);
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) => RunningProgram.RunAsync(["tailnet", .. arguments, "--state", State]);
}
