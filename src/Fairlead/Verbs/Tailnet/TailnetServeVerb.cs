using System.CommandLine;
using Fairlead.CommandLine;
using Fairlead.TailnetNodes;

namespace Fairlead.Verbs.Tailnet;

/// <summary><c>fairlead tailnet serve</c>: leads connections from the tailnet to this machine.</summary>
internal static class TailnetServeVerb
{
    private const string AnyPort = "0";

    public static Command Create()
    {
        var at = new Argument<string>("at") { Description = "Where to listen on the tailnet: a port, 0 for a free one, or svc:name:port for a Tailscale Service." };
        var to = new Argument<string>("to") { Description = "Address and port on this machine, as 127.0.0.1:8080." };
        var tls = new Option<bool>("--tls") { Description = "End TLS here, with a certificate for the node's name." };
        var state = TailnetVerb.StateOption();
        var verb = new Verb("serve", "Leads connections from the tailnet to a port of this machine, until it is stopped.")
        {
            Arguments = { at, to },
            Options = { tls, state },
            Examples =
            [
                ("fairlead tailnet serve 80 127.0.0.1:8080", "a local web server, on the tailnet"),
                ("fairlead tailnet serve svc:web:443 127.0.0.1:8443", "the same, as one host of a Service"),
            ],
        };
        verb.SetAction(async (result, stopping) =>
        {
            using var client = new NodeClient(NodeDirectory.At(result.GetRequiredValue(state)));
            var (where, target) = (result.GetRequiredValue(at), result.GetRequiredValue(to));
            var query = $"/serve?at={Uri.EscapeDataString(where)}&to={Uri.EscapeDataString(target)}&tls={(result.GetValue(tls) ? "true" : "false")}";
            var isServing = false;
            try
            {
                await foreach (var line in client.LinesAsync(query, stopping).ConfigureAwait(false))
                {
                    if (isServing)
                    {
                        throw new UserErrorException(ExitCodes.Unavailable, line);
                    }

                    isServing = true;
                    var chosen = where == AnyPort ? line : where;
                    await result.InvocationConfiguration.Output.WriteLineAsync($"{chosen} leads to {target}; Ctrl-C stops it.").ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return ExitCodes.Success;
            }

            throw new UserErrorException(ExitCodes.Unavailable, "the node was stopped");
        });
        return verb;
    }
}
