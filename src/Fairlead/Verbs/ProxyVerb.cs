using System.Collections;
using System.CommandLine;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;
using Fairlead.TailnetNodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Verbs;

/// <summary><c>fairlead proxy</c>: what runs in a proxy Pod, configured by the environment as upstream's image is, until SIGTERM.</summary>
internal static class ProxyVerb
{
    private const string Daemon = "tailscaled";

    public static Command Create()
    {
        var verb = new Command("proxy", "Runs in a proxy's Pod: leads a tailnet device's traffic to a Service, or a Service's to the tailnet. Configured by environment variables.");
        verb.SetAction((_, stopping) => RunAsync(stopping));
        return verb;
    }

    private static async Task<int> RunAsync(CancellationToken stopping)
    {
        using var logging = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(LogLevel.Information)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.TimestampFormat = "HH:mm:ss.fff ";
            }));
        var configuration = ProxyConfigurationReader.Read(Variables(), HasDaemon());
        var proxy = new ProxyProcess(configuration, new ProxyProcessOptions { AuthKeyIssuer = ClientSecretKeys.IssueAsync, LoggerFactory = logging });
        await proxy.RunAsync(stopping).ConfigureAwait(false);
        return ExitCodes.Success;
    }

    private static Dictionary<string, string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    private static bool HasDaemon() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, Daemon)));
}
