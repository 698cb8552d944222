using System.CommandLine;
using System.Runtime.InteropServices;
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

    private static async Task<int> RunAsync(OperatorEnvironment environment, CancellationToken cancellationToken)
    {
        OperatorSettings settings;
        ProcessSettings process;
        ClusterConfiguration cluster;
        try
        {
            settings = environment.Settings();
            process = environment.Process();
            cluster = ClusterConfiguration.Load();
        }
        catch (Exception e) when (e is OperatorConfigurationException or KubeconfigException)
        {
            await Console.Error.WriteLineAsync($"fairlead operator: {e.Message}").ConfigureAwait(false);
            return ExitCodes.BadConfiguration;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stopping));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stopping));
        using var logging = LoggerFactory.Create(builder => OperatorLogging.Configure(builder, process));
        var host = new OperatorHost(
            settings, process, cluster, CredentialSources.From(environment.Credentials(), TimeProvider.System), logging);
        await using (host.ConfigureAwait(false))
        {
            await host.RunAsync(stopping.Token).ConfigureAwait(false);
        }

        return ExitCodes.Success;
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stopping)
    {
        // The runtime would otherwise end the process at once.
        signal.Cancel = true;
        stopping.Cancel();
    }
}
