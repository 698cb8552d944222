using System.CommandLine;
using System.Globalization;
using Fairlead.CommandLine;
using Fairlead.Output;
using Fairlead.TailnetNodes;

namespace Fairlead.Verbs.Tailnet;

/// <summary><c>fairlead tailnet ping</c>.</summary>
internal static class TailnetPingVerb
{
    private const string Disco = "disco";

    public static Command Create()
    {
        var host = new Argument<string>("host") { Description = "Name or address of a peer." };
        var state = TailnetVerb.StateOption();
        var kind = new Option<string>("--kind") { Description = "By path discovery, inside the tunnel, or by an echo to the peer's network stack.", DefaultValueFactory = _ => Disco };
        kind.AcceptOnlyFromAmong(Disco, "tsmp", "icmp");
        var count = new Option<int>("--count", "-c") { Description = "How many pings.", DefaultValueFactory = _ => 3 };
        var timeout = new Option<double>("--timeout") { Description = "Seconds to wait for each answer.", DefaultValueFactory = _ => 5 };
        var output = OutputOption.Create(OutputOption.Text, OutputOption.Json);
        var verb = new Verb("ping", "Asks a peer whether it is there. Ends with 3 if it does not answer.")
        {
            Arguments = { host },
            Options = { state, kind, count, timeout, output },
            Examples = [("fairlead tailnet ping web --kind icmp", "does the peer's network stack answer?")],
        };
        verb.SetAction(async (result, stopping) =>
        {
            using var client = new NodeClient(NodeDirectory.At(result.GetRequiredValue(state)));
            var query = string.Create(
                CultureInfo.InvariantCulture, $"/ping?host={Uri.EscapeDataString(result.GetRequiredValue(host))}&kind={result.GetValue(kind)}&timeout={result.GetValue(timeout)}");
            for (var i = 0; i < result.GetValue(count); i++)
            {
                var answer = await client.GetAsync(query, stopping).ConfigureAwait(false);
                var way = answer["path"]?.ToString() is { Length: > 0 } path ? $" via {path}" : "";
                await result.InvocationConfiguration.Output.WriteLineAsync(result.GetValue(output) == OutputOption.Json
                    ? JsonText.OneLine(answer)
                    : string.Create(CultureInfo.InvariantCulture, $"pong from {answer["node"]}{way} in {answer["latencyMilliseconds"]!.GetValue<double>():F1} ms")).ConfigureAwait(false);
            }

            return ExitCodes.Success;
        });
        return verb;
    }
}
