using System.CommandLine;
using System.Net;
using Fairlead.CommandLine;
using Fairlead.DevSessions;
using Fairlead.Output;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.TailnetNodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Verbs.Tailnet;

/// <summary><c>fairlead tailnet up</c>: joins, and stays until it is stopped.</summary>
internal static class TailnetUpVerb
{
    private const string KeyVariable = "TS_AUTHKEY";

    private static readonly Option<string> State = TailnetVerb.StateOption();
    private static readonly Option<string> Server = new("--login-server") { Description = "The coordination server.", DefaultValueFactory = _ => "https://controlplane.tailscale.com", HelpName = "URL" };
    private static readonly Option<string> KeyFile = new("--auth-key-file") { Description = $"File with an auth key, or an OAuth client's secret. Default: the one in the environment variable {KeyVariable}, or a login in a browser.", HelpName = "FILE" };
    private static readonly Option<string> Hostname = new("--hostname") { Description = "Name on the tailnet. Default: the machine's.", HelpName = "NAME" };
    private static readonly Option<bool> Ephemeral = new("--ephemeral") { Description = "Leave no trace: the identity is not stored, and the node is removed when it stops." };
    private static readonly Option<string[]> Tags = new("--advertise-tags") { Description = "Tags to bear, as tag:name.", HelpName = "TAG", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> AdvertisedRoutes = new("--advertise-routes") { Description = "Subnets to lead peers to, as 10.1.0.0/16.", HelpName = "CIDR", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> ExitNodeOffer = new("--advertise-exit-node") { Description = "Offer to lead peers to the rest of the internet." };
    private static readonly Option<bool> AcceptRoutes = new("--accept-routes") { Description = "Use subnets that peers lead to." };
    private static readonly Option<string> ExitNode = new("--exit-node") { Description = "Peer that leads to the rest of the internet.", HelpName = "HOST" };
    private static readonly Option<bool> ShieldsUp = new("--shields-up") { Description = "Let no peer begin a connection." };
    private static readonly Option<string> Tun = new("--tun") { Description = "Let the whole system use the tailnet through a TUN device of this name. Linux; needs CAP_NET_ADMIN.", HelpName = "NAME" };
    private static readonly Option<bool> RelayOnly = new("--relay-only") { Description = "Use no UDP." };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Write what happens to standard error." };
    private static readonly Option<string> Output = OutputOption.Create(OutputOption.Text, OutputOption.Json);

    public static Command Create()
    {
        var verb = new Verb("up", "Joins a tailnet and stays until it is stopped.")
        {
            Examples =
            [
                ("TS_AUTHKEY=tskey-auth-… fairlead tailnet up --hostname ci-runner --ephemeral", "a CI job's node"),
                ("fairlead tailnet up --auth-key-file key --advertise-routes 10.1.0.0/16", "a subnet router without privileges"),
            ],
        };
        foreach (var option in (ReadOnlySpan<Option>)[State, Server, KeyFile, Hostname, Ephemeral, Tags, AdvertisedRoutes, ExitNodeOffer, AcceptRoutes, ExitNode, ShieldsUp, Tun, RelayOnly, Verbose, Output])
        {
            verb.Options.Add(option);
        }

        verb.SetAction(RunAsync);
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken stopping)
    {
        var directory = NodeDirectory.At(result.GetRequiredValue(State));
        using var lockFile = Lock(directory);
        using var logging = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(result.GetValue(Verbose) ? LogLevel.Debug : LogLevel.Warning)
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        using var file = new FileNodeStateStore(directory.StateFile);
        var options = Options(result) with { State = result.GetValue(Ephemeral) ? new MemoryNodeStateStore() : file, LoggerFactory = logging };
        var node = await TailnetNode.StartAsync(options, stopping).ConfigureAwait(false);
        await using (node.ConfigureAwait(false))
        {
            var api = await NodeApi.StartAsync(node, directory, stopping).ConfigureAwait(false);
            await using (api.ConfigureAwait(false))
            {
                var status = node.Status;
                await result.InvocationConfiguration.Output.WriteLineAsync(result.GetValue(Output) == OutputOption.Json
                    ? JsonText.OneLine(NodeStatusJson.From(status))
                    : $"{status.Name} has joined with {string.Join(" and ", status.Addresses)}; Ctrl-C stops it.").ConfigureAwait(false);
                await UntilStopped.WaitAsync(stopping).ConfigureAwait(false);
            }
        }

        return ExitCodes.Success;
    }

    private static TailnetNodeOptions Options(ParseResult result) => new()
    {
        ControlUrl = Uri.TryCreate(result.GetRequiredValue(Server), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new UserErrorException(ExitCodes.BadConfiguration, $"--login-server '{result.GetValue(Server)}' is no http or https URL"),
        AuthKey = AuthKey(result.GetValue(KeyFile)),
        AuthKeyIssuer = ClientSecretKeys.IssueAsync,
        LoginRequired = login => Console.Error.WriteLine($"To let the node in, visit {login}"),
        Hostname = result.GetValue(Hostname) ?? "",
        Ephemeral = result.GetValue(Ephemeral),
        Tags = result.GetValue(Tags) ?? [],
        AdvertiseRoutes = [.. (result.GetValue(AdvertisedRoutes) ?? []).Select(Network)],
        AdvertiseExitNode = result.GetValue(ExitNodeOffer),
        AcceptRoutes = result.GetValue(AcceptRoutes),
        ExitNode = result.GetValue(ExitNode) ?? "",
        ShieldsUp = result.GetValue(ShieldsUp),
        TunDevice = result.GetValue(Tun) ?? "",
        RelayOnly = result.GetValue(RelayOnly),
        Connections = TcpConnectionOptions.KeptAlive,
        App = "fairlead",
    };

    private static IPNetwork Network(string text) => IPNetwork.TryParse(text, out var network)
        ? network
        : throw new UserErrorException(ExitCodes.BadConfiguration, $"--advertise-routes '{text}' is no subnet such as 10.1.0.0/16 with all bits behind the prefix zero");

    private static string AuthKey(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(KeyVariable) ?? "";
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCodes.Unavailable, $"--auth-key-file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Two nodes with one identity would push each other off the tailnet.</summary>
    private static SessionLock Lock(NodeDirectory directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory.Path);
        }
        else
        {
            Directory.CreateDirectory(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return SessionLock.Take(Path.Combine(directory.Path, "node.lock"), State.Name);
    }
}
