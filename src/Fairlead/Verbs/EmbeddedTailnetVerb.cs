using System.CommandLine;
using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Manifests;
using Fairlead.Output;

namespace Fairlead.Verbs;

/// <summary><c>fairlead dev tailnet</c>: the embedded control plane and its relay alone, with credentials for an operator.</summary>
internal static class EmbeddedTailnetVerb
{
    private const string OperatorTag = "tag:k8s-operator";

    public static Command Create()
    {
        var port = PortOption.Create("--port", "Port on 127.0.0.1. Default: a free one.");
        var directory = new Option<string>("--credentials")
        {
            Description = "Directory for the files client_id and client_secret of an OAuth client, readable by their owner alone.",
            DefaultValueFactory = _ => ".fairlead",
            HelpName = "DIR",
        };
        var policy = new Option<string>("--policy") { Description = "File with the tailnet's policy, as HuJSON.", HelpName = "FILE" };
        var output = OutputOption.Create(OutputOption.Text, OutputOption.Json);
        var verb = new Verb("tailnet", "Runs the embedded control plane alone.")
        {
            Examples =
            [
                ("fairlead dev tailnet --port 8090 --credentials /tmp/oauth",
                    "then run an operator with OPERATOR_LOGIN_SERVER, CLIENT_ID_FILE and CLIENT_SECRET_FILE as printed"),
                ("tailscale up --login-server http://127.0.0.1:8090", "then open the page it names to let the node in"),
            ],
        };
        foreach (var option in (ReadOnlySpan<Option>)[port, directory, policy, output])
        {
            verb.Options.Add(option);
        }

        verb.SetAction(async (result, stopping) =>
        {
            var options = new EmbeddedTailnetOptions { Port = result.GetValue(port), Relay = new RelayServerOptions() };
            if (result.GetValue(policy) is { } path)
            {
                options = options with { Policy = ManifestFiles.ReadFile(path) };
            }

            var tailnet = await StartAsync(options, result.GetValue(policy), stopping).ConfigureAwait(false);
            await using (tailnet.ConfigureAwait(false))
            {
                var client = tailnet.Clients.AddOAuthClient(Scopes.Operator, [OperatorTag]);
                var files = CredentialFiles.Write(result.GetRequiredValue(directory), client.Id, client.Secret!);
                var nodeKey = tailnet.Keys.Create([], reusable: true).Secret!;
                var url = tailnet.BaseAddress.GetLeftPart(UriPartial.Authority);
                var text = result.GetValue(output) == OutputOption.Json
                    ? JsonText.OneLine(new JsonObject { ["controlPlane"] = url, ["clientIdFile"] = files.ClientId, ["clientSecretFile"] = files.ClientSecret, ["authKey"] = nodeKey })
                    : $"""
                      Control plane on {url}; Ctrl-C stops it. For an operator:
                      export OPERATOR_LOGIN_SERVER={url}
                      export CLIENT_ID_FILE={files.ClientId}
                      export CLIENT_SECRET_FILE={files.ClientSecret}
                      For a node, with a key that lets in any number of them:
                      TS_AUTHKEY={nodeKey} fairlead tailnet up --login-server {url}
                      tailscale up --login-server {url}
                      """;
                await result.InvocationConfiguration.Output.WriteLineAsync(text).ConfigureAwait(false);
                await UntilStopped.WaitAsync(stopping).ConfigureAwait(false);
            }

            return ExitCodes.Success;
        });
        return verb;
    }

    private static async Task<EmbeddedTailnet> StartAsync(EmbeddedTailnetOptions options, string? policy, CancellationToken stopping)
    {
        try
        {
            return await EmbeddedTailnet.StartAsync(options, stopping).ConfigureAwait(false);
        }
        catch (ArgumentException e) when (policy is not null)
        {
            throw new UserErrorException(ExitCodes.BadConfiguration, $"{policy}: {e.Message}; correct the policy", e);
        }
    }
}
