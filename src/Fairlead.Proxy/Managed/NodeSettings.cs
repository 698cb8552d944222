using Fairlead.Proxy.Configuration;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Managed;

/// <summary>What a proxy's configuration means for a managed node: of a mounted file, or of the environment as <c>tailscale up</c> would take it.</summary>
internal static class NodeSettings
{
    /// <exception cref="ProxyConfigurationException">A setting is one that a managed node does not have, or cannot be read.</exception>
    public static TailnetNodeOptions Options(ProxyConfiguration configuration)
    {
        var (common, preferences) = configuration.ConfigurationDirectory.Length > 0 ? FromFile(configuration) : FromEnvironment(configuration);
        var acme = configuration.AcmeDirectory;
        return common with
        {
            Hostname = preferences.Hostname,
            Connections = TcpConnectionOptions.KeptAlive,
            AdvertiseRoutes = preferences.AdvertiseRoutes,
            AdvertiseExitNode = preferences.AdvertiseExitNode,
            AdvertiseServices = preferences.AdvertiseServices,
            StaticEndpoints = preferences.StaticEndpoints,
            UdpPort = configuration.UdpPort,
            CertificateAuthority = acme ?? common.CertificateAuthority,
            OrdersNameReplacedCertificate = !configuration.ForceRenewal,
        };
    }

    /// <summary>What a running node cannot take on.</summary>
    public static (Uri ControlUrl, bool AcceptRoutes, string ExitNode, bool ShieldsUp) FixedAtStart(TailnetNodeOptions options) =>
        (options.ControlUrl, options.AcceptRoutes, options.ExitNode, options.ShieldsUp);

    private static (TailnetNodeOptions Common, TailnetNodePreferences Preferences) FromFile(ProxyConfiguration configuration)
    {
        var path = DeviceConfigurationFolder.FileIn(configuration.ConfigurationDirectory);
        var file = DeviceConfigurationFile.Parse(File.ReadAllBytes(path), path);
        DeviceFileLimits.Check(file, path);
        return (
            WithServer(
                new TailnetNodeOptions
                {
                    AuthKey = file.AuthKey ?? "",
                    AcceptRoutes = file.AcceptRoutes ?? false,
                    ExitNode = file.ExitNode ?? "",
                    ShieldsUp = file.ShieldsUp ?? false,
                },
                file.ServerUrl,
                $"{path}: ServerURL"),
            new TailnetNodePreferences
            {
                Hostname = file.Hostname ?? "",
                AdvertiseRoutes = RouteList.Parse(file.AdvertiseRoutes ?? [], $"{path}: AdvertiseRoutes"),
                AdvertiseExitNode = file.AdvertiseExitNode ?? false,
                AdvertiseServices = file.AdvertiseServices ?? [],
                StaticEndpoints = EndpointList.Parse(file.StaticEndpoints ?? [], $"{path}: StaticEndpoints"),
            });
    }

    private static (TailnetNodeOptions Common, TailnetNodePreferences Preferences) FromEnvironment(ProxyConfiguration configuration)
    {
        var arguments = UpArguments.Parse(configuration.ExtraArguments);
        return (
            WithServer(
                new TailnetNodeOptions
                {
                    AuthKey = Key(configuration.Credentials),
                    AcceptRoutes = arguments.AcceptRoutes,
                    ExitNode = arguments.ExitNode,
                    ShieldsUp = arguments.ShieldsUp,
                    Tags = arguments.AdvertiseTags,
                },
                arguments.LoginServer,
                $"{ProxyVariables.ExtraArguments}: --login-server"),
            new TailnetNodePreferences
            {
                Hostname = configuration.Hostname.Length > 0 ? configuration.Hostname : arguments.Hostname,
                AdvertiseRoutes = RouteList.Of(configuration),
                AdvertiseExitNode = arguments.AdvertiseExitNode,
            });
    }

    private static string Key(LoginCredentials credentials)
    {
        const string File = "file:";
        if (credentials.ClientId.Length > 0 && credentials.ClientSecret.Length == 0)
        {
            throw new ProxyConfigurationException($"{ProxyVariables.ClientId} without {ProxyVariables.ClientSecret}: the managed engine does not log in by workload identity; give it {ProxyVariables.ClientSecret} or {ProxyVariables.AuthKey}.");
        }

        var key = credentials.AuthKey.Length > 0 ? credentials.AuthKey : credentials.ClientSecret;
        try
        {
            return key.StartsWith(File, StringComparison.Ordinal) ? System.IO.File.ReadAllText(key[File.Length..]).Trim() : key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProxyConfigurationException($"{ProxyVariables.AuthKey} names a file that cannot be read: {e.Message}");
        }
    }

    private static TailnetNodeOptions WithServer(TailnetNodeOptions options, string? server, string where) =>
        string.IsNullOrEmpty(server) ? options
        : Uri.TryCreate(server, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? options with { ControlUrl = url }
        : throw new ProxyConfigurationException($"{where} is '{server}', which is no http or https URL.");
}
