using Fairlead.Proxy.Configuration;

namespace Fairlead.Proxy.Managed;

/// <summary>
/// What a device's configuration file may ask for that a managed node does not do. Whoever asks relies on it, so that it is refused; what a
/// node without a TUN device and a daemon does in any case is not.
/// </summary>
internal static class DeviceFileLimits
{
    private const string OtherEngine = $"set {ProxyVariables.Engine}=tailscaled for it, or remove it";

    /// <param name="path">Of the file, for people.</param>
    /// <exception cref="ProxyConfigurationException">It asks for such things: all of them are named.</exception>
    public static void Check(DeviceConfigurationFile file, string path)
    {
        List<string> problems =
        [
            .. NotManaged(file).Where(field => field.IsAsked).Select(field => $"{path}: {field.Name} is not for the managed engine: {field.Why}; {OtherEngine}."),
        ];
        if (file.Enabled == false)
        {
            problems.Add($"{path}: Enabled is false, which keeps the device off the tailnet; remove it, or delete the proxy.");
        }

        if (file.AutoUpdate?.Apply == true)
        {
            problems.Add($"{path}: AutoUpdate has Apply, and a proxy is as new as its image; remove it, and use a newer image.");
        }

        if (file.ServeConfig is not null)
        {
            problems.Add($"{path}: ServeConfigTemp is not for the managed engine; mount the serve configuration as a file of its own, and name that in {ProxyVariables.ServeConfig}.");
        }

        if (problems.Count > 0)
        {
            throw new ProxyConfigurationException(problems);
        }
    }

    private static IEnumerable<(string Name, bool IsAsked, string Why)> NotManaged(DeviceConfigurationFile file) =>
    [
        ("acceptDNS", file.AcceptDns == true, "it leaves the Pod's resolver as it is"),
        ("DisableSNAT", file.DisableSnat == true, "what it forwards comes from the Pod's address"),
        ("AppConnector", file.AppConnector?.Advertise == true, "it looks up no domains for peers"),
        ("PostureChecking", file.PostureChecking == true, "it tells nothing of its machine"),
        ("RemoteConfig", file.RemoteConfig == true, "it is configured where it runs"),
        ("RunSSHServer", file.RunSshServer == true, "it has no SSH server"),
        ("RunWebClient", file.RunWebClient == true, "it has no web interface"),
        ("RelayServerPort", file.RelayServerPort is not null, "it relays for no peers"),
        ("RelayServerStaticEndpoints", file.RelayServerStaticEndpoints is { Count: > 0 }, "it relays for no peers"),
    ];
}
