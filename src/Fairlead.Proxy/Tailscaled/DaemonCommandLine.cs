using Fairlead.Proxy.Configuration;

namespace Fairlead.Proxy.Tailscaled;

/// <summary>Arguments and environment of tailscaled, as upstream's images give them; what is later overrides what is earlier.</summary>
internal static class DaemonCommandLine
{
    /// <summary>Whether this replica issues the certificates of a group, or reads them.</summary>
    private const string CertificateShareMode = "TS_CERT_SHARE_MODE";

    private const string Temporary = "/tmp";

    /// <exception cref="ProxyConfigurationException">The configuration folder has no file for this proxy.</exception>
    public static IReadOnlyList<string> Arguments(ProxyConfiguration configuration)
    {
        List<string> arguments = [$"--socket={configuration.Socket}"];
        if (configuration.IsInKubernetes && configuration.StateSecret.Length > 0)
        {
            arguments.Add($"--state=kube:{configuration.StateSecret}");
            arguments.Add($"--statedir={(configuration.StateDirectory.Length > 0 ? configuration.StateDirectory : Temporary)}");
        }
        else if (configuration.StateDirectory.Length > 0)
        {
            arguments.Add($"--statedir={configuration.StateDirectory}");
        }
        else
        {
            arguments.Add("--state=mem:");
            arguments.Add($"--statedir={Temporary}");
        }

        if (configuration.Userspace)
        {
            arguments.Add("--tun=userspace-networking");
        }

        AddIfAny(arguments, "--socks5-server", configuration.SocksServer);
        AddIfAny(arguments, "--outbound-http-proxy-listen", configuration.HttpProxy);
        if (configuration.ConfigurationDirectory.Length > 0)
        {
            arguments.Add($"--config={DeviceConfigurationFolder.FileIn(configuration.ConfigurationDirectory)}");
        }

        if (configuration.DebugAddress is { } debug && !configuration.DaemonArguments.Any(IsDebug))
        {
            arguments.Add($"--debug={debug}");
        }

        arguments.AddRange(configuration.DaemonArguments);
        return arguments;
    }

    public static IReadOnlyDictionary<string, string> Environment(ProxyConfiguration configuration, IReadOnlyDictionary<string, string> inherited)
    {
        if (!configuration.CertificateShare)
        {
            return inherited;
        }

        var mode = configuration.IssuesSharedCertificates ? "rw" : "ro";
        return new Dictionary<string, string>(inherited, StringComparer.Ordinal) { [CertificateShareMode] = mode };
    }

    private static bool IsDebug(string argument) =>
        argument.TrimStart('-') is var name && argument.StartsWith('-') && (name == "debug" || name.StartsWith("debug=", StringComparison.Ordinal));

    private static void AddIfAny(List<string> arguments, string name, string value)
    {
        if (value.Length > 0)
        {
            arguments.Add($"{name}={value}");
        }
    }
}
