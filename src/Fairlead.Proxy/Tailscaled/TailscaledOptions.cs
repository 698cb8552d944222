using System.Collections;
using Fairlead.Proxy.Configuration;

namespace Fairlead.Proxy.Tailscaled;

/// <summary>How a tailscaled is run beside a proxy.</summary>
internal sealed record TailscaledOptions
{
    public required ProxyConfiguration Configuration { get; init; }

    /// <summary>Name or path of the daemon.</summary>
    public string DaemonProgram { get; init; } = "tailscaled";

    /// <summary>Name or path of its command line.</summary>
    public string CommandProgram { get; init; } = "tailscale";

    /// <summary>Where the command line looks for the daemon by default: led to the socket, so that a person in the Pod can use it. Empty for nowhere.</summary>
    public string SocketLink { get; init; } = "/var/run/tailscale/tailscaled.sock";

    /// <summary>What both inherit.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = Inherited();

    private static Dictionary<string, string> Inherited() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
