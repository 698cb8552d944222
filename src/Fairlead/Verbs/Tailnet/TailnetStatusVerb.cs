using System.CommandLine;
using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.Output;
using Fairlead.TailnetNodes;

namespace Fairlead.Verbs.Tailnet;

/// <summary><c>fairlead tailnet status</c>.</summary>
internal static class TailnetStatusVerb
{
    public static Command Create()
    {
        var state = TailnetVerb.StateOption();
        var output = OutputOption.Create(OutputOption.Text, OutputOption.Json);
        var verb = new Verb("status", "Shows the running node and its peers. Ends with 1 if it is not connected.") { Options = { state, output } };
        verb.SetAction(async (result, stopping) =>
        {
            using var client = new NodeClient(NodeDirectory.At(result.GetRequiredValue(state)));
            var status = await client.GetAsync("/status", stopping).ConfigureAwait(false);
            var writer = result.InvocationConfiguration.Output;
            if (result.GetValue(output) == OutputOption.Json)
            {
                await writer.WriteLineAsync(JsonText.Indented(status)).ConfigureAwait(false);
            }
            else
            {
                foreach (var line in Lines(status))
                {
                    await writer.WriteLineAsync(line).ConfigureAwait(false);
                }
            }

            return status["BackendState"]?.ToString() == "Running" && status["Connected"]?.GetValue<bool>() == true ? ExitCodes.Success : ExitCodes.Findings;
        });
        return verb;
    }

    private static IEnumerable<string> Lines(JsonObject status)
    {
        yield return $"{First(status["TailscaleIPs"]),-16} {status["Self"]?["DNSName"],-40} {status["BackendState"]}{(status["Connected"]?.GetValue<bool>() == true ? "" : ", control server not connected")}";
        if (status["Error"]?.ToString() is { Length: > 0 } error)
        {
            yield return $"# {error}";
        }

        foreach (var message in status["Health"]?.AsArray() ?? [])
        {
            yield return $"# {message}";
        }

        foreach (var peer in status["Peer"]?.AsArray() ?? [])
        {
            yield return $"{First(peer?["TailscaleIPs"]),-16} {peer?["DNSName"],-40} {Presence(peer)}";
        }
    }

    private static string First(JsonNode? addresses) => addresses is JsonArray { Count: > 0 } list ? list[0]!.ToString() : "-";

    private static string Presence(JsonNode? peer)
    {
        var way = peer?["CurAddr"]?.ToString() is { Length: > 0 } direct ? $"direct {direct}" : peer?["Relay"]?.ToString() is { Length: > 0 } relay ? $"relay {relay}" : "no path yet";
        return peer?["Expired"]?.GetValue<bool>() == true ? "key expired" : peer?["Online"]?.GetValue<bool>() == false ? "offline" : way;
    }
}
