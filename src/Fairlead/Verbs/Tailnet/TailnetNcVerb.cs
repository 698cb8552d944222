using System.CommandLine;
using Fairlead.CommandLine;
using Fairlead.TailnetNodes;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.Verbs.Tailnet;

/// <summary><c>fairlead tailnet nc</c>: standard input and output to a port of the tailnet.</summary>
internal static class TailnetNcVerb
{
    public static Command Create()
    {
        var host = new Argument<string>("host") { Description = "Name or address." };
        var port = new Argument<ushort>("port") { Description = "TCP port." };
        var state = TailnetVerb.StateOption();
        var verb = new Verb("nc", "Connects standard input and output to a port of a host on the tailnet.")
        {
            Arguments = { host, port },
            Options = { state },
            Examples = [("ssh -o ProxyCommand='fairlead tailnet nc %h %p' user@web", "SSH through the tailnet")],
        };
        verb.SetAction(async (result, stopping) =>
        {
            using var client = new NodeClient(NodeDirectory.At(result.GetRequiredValue(state)));
            var connection = await client.DialAsync(result.GetRequiredValue(host), result.GetRequiredValue(port), stopping).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var sending = SendAsync((FramedStream)connection, stopping);
                var output = Console.OpenStandardOutput();
                await using (output.ConfigureAwait(false))
                {
                    // The host's end is the command's: input that nobody reads any more is not waited for.
                    await connection.CopyToAsync(output, stopping).ConfigureAwait(false);
                }

                if (sending.IsFaulted)
                {
                    await sending.ConfigureAwait(false);
                }
            }

            return ExitCodes.Success;
        });
        return verb;
    }

    private static async Task SendAsync(FramedStream connection, CancellationToken stopping)
    {
        var input = Console.OpenStandardInput();
        await using (input.ConfigureAwait(false))
        {
            await input.CopyToAsync(connection, stopping).ConfigureAwait(false);
            await connection.CloseWriteAsync(stopping).ConfigureAwait(false);
        }
    }
}
