using System.CommandLine;
using System.Net;
using Fairlead.CommandLine;
using Fairlead.DevEnvironments;
using Fairlead.DevSessions;
using Fairlead.TailnetNodes;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.Verbs;

/// <summary><c>fairlead dev exec</c>: a command on the laptop of a running session.</summary>
internal static class DevExecVerb
{
    public static Verb Create()
    {
        var command = new Argument<string[]>("command") { Description = "The command and its arguments.", Arity = ArgumentArity.OneOrMore, HelpName = "COMMAND" };
        var directory = new Option<string>("--directory", "-d")
        {
            Description = "Directory of the session.",
            DefaultValueFactory = _ => DevSessionOptions.DefaultDirectory,
            HelpName = "DIR",
        };
        var verb = new Verb("exec", "Runs a command on the laptop of a running 'fairlead dev': by proxy variables, which most programs obey.")
        {
            Arguments = { command },
            Options = { directory },
            Examples =
            [
                ("fairlead dev exec -- curl http://lolice-argocd/", "what the tailnet gets to see of the example"),
                ("fairlead dev exec -- sh -c 'curl --silent $http_proxy'", "quote what a shell is to do"),
            ],
        };
        verb.SetAction(async (result, stopping) =>
        {
            var session = Path.GetFullPath(result.GetRequiredValue(directory));
            using var laptop = new NodeClient(DevLaptop.DirectoryIn(session));
            await EnsureRunsAsync(laptop, session, stopping).ConfigureAwait(false);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var listening = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
            var proxying = new ProxyServer(new IPEndPoint(IPAddress.Loopback, 0), laptop.DialAsync).RunAsync(
                local =>
                {
                    listening.SetResult((IPEndPoint)local);
                    return Task.CompletedTask;
                },
                ended.Token);
            await Task.WhenAny(listening.Task, proxying).Unwrap().ConfigureAwait(false);
            try
            {
                return await ProxiedCommand.RunAsync(result.GetRequiredValue(command), await listening.Task.ConfigureAwait(false), Path.Combine(session, "kubeconfig"), stopping).ConfigureAwait(false);
            }
            finally
            {
                await ended.CancelAsync().ConfigureAwait(false);
                await proxying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        return verb;
    }

    private static async Task EnsureRunsAsync(NodeClient laptop, string session, CancellationToken cancellationToken)
    {
        try
        {
            await laptop.GetAsync("/status", cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            throw new UserErrorException(
                ExitCodes.Unavailable, $"no session answers in {session}; start one there with 'fairlead dev' and wait until its laptop has joined, or name its directory with --directory", e);
        }
    }
}
