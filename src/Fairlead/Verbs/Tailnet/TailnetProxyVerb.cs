using System.CommandLine;
using System.Net;
using Fairlead.CommandLine;
using Fairlead.TailnetNodes;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.Verbs.Tailnet;

/// <summary><c>fairlead tailnet proxy</c>: SOCKS5 and HTTP into the tailnet.</summary>
internal static class TailnetProxyVerb
{
    public static Command Create()
    {
        var listen = new Option<string>("--listen") { Description = "Where programs of this machine find the proxy.", DefaultValueFactory = _ => "127.0.0.1:1055", HelpName = "ADDRESS:PORT" };
        var allowRemote = new Option<bool>("--allow-remote") { Description = "Let --listen take an address that other machines reach: whoever does uses the tailnet as this node, without a password." };
        var state = TailnetVerb.StateOption();
        var verb = new Verb("proxy", "Lets programs of this machine reach the tailnet by SOCKS5 or HTTP proxy, on one port, until it is stopped.")
        {
            Options = { listen, allowRemote, state },
            Examples =
            [
                ("curl --proxy socks5h://127.0.0.1:1055 http://web/", "the name is resolved on the tailnet"),
                ("HTTPS_PROXY=http://127.0.0.1:1055 kubectl get pods", "programs that know HTTP proxies"),
            ],
        };
        verb.SetAction(async (result, stopping) =>
        {
            var text = result.GetRequiredValue(listen);
            var endPoint = IPEndPoint.TryParse(text, out var parsed) ? parsed : throw new UserErrorException(ExitCodes.BadConfiguration, $"--listen '{text}' is no <address>:<port>");
            if (!IPAddress.IsLoopback(endPoint.Address) && !result.GetValue(allowRemote))
            {
                throw new UserErrorException(
                    ExitCodes.BadConfiguration,
                    $"--listen '{text}' would let other machines use the tailnet as this node, without a password; choose a loopback address, or add --allow-remote if they are meant to");
            }

            using var client = new NodeClient(NodeDirectory.At(result.GetRequiredValue(state)));

            // Better to learn now than with the first connection that no node runs.
            await client.GetAsync("/status", stopping).ConfigureAwait(false);
            try
            {
                await new ProxyServer(endPoint, client.DialAsync).RunAsync(
                    local => result.InvocationConfiguration.Output.WriteLineAsync($"SOCKS5 and HTTP proxy on {local}; Ctrl-C stops it."), stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return ExitCodes.Success;
            }

            return ExitCodes.Success;
        });
        return verb;
    }
}
