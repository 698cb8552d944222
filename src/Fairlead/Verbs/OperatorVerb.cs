using System.CommandLine;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Identity;
using Microsoft.Extensions.Logging;

namespace Fairlead.Verbs;

/// <summary><c>fairlead operator</c>: the controllers, configured by the environment, until SIGTERM.</summary>
internal static class OperatorVerb
{
    public static Command Create()
    {
        var verb = new Command("operator", "Runs the controllers in a cluster. Configured by environment variables.");
        verb.SetAction((_, cancellationToken) => RunAsync(OperatorEnvironment.OfProcess, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(OperatorEnvironment environment, CancellationToken stopping)
    {
        // One worker to begin with, not one a core: with many short waits a second one is woken for every answer and finds nothing left
        // to do, a quarter of all context switches (docs/benchmarks.md). The pool adds workers where work really waits.
        ThreadPool.GetMinThreads(out _, out var completionThreads);
        ThreadPool.SetMinThreads(1, completionThreads);

        var settings = environment.Settings();
        var process = environment.Process();
        var cluster = ClusterConfiguration.Load();
        using var logging = LoggerFactory.Create(builder => OperatorLogging.Configure(builder, process));
        var host = new OperatorHost(
            settings, process, cluster, CredentialSources.From(environment.Credentials(), TimeProvider.System), logging);
        await using (host.ConfigureAwait(false))
        {
            await host.RunAsync(stopping).ConfigureAwait(false);
        }

        return ExitCodes.Success;
    }
}
