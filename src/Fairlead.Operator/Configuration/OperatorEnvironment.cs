using System.Globalization;
using System.Net;

namespace Fairlead.Operator.Configuration;

/// <summary>
/// Reads the operator's environment variables. Names and rules are upstream's: an empty value counts as unset, a boolean is
/// true only as <c>true</c>, lists are separated by commas. Unlike upstream, tags and credentials are trimmed.
/// </summary>
public sealed class OperatorEnvironment(Func<string, string?> variable, Func<string, string?> readFile)
{
    private const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    /// <summary>The environment of this process.</summary>
    public static OperatorEnvironment OfProcess { get; } = new(
        Environment.GetEnvironmentVariable,
        static path => File.Exists(path) ? File.ReadAllText(path) : null);

    /// <exception cref="OperatorConfigurationException">A variable is missing or cannot be understood.</exception>
    public OperatorSettings Settings()
    {
        var ns = Text("OPERATOR_NAMESPACE")
            ?? readFile(NamespaceFile)?.Trim()
            ?? throw new OperatorConfigurationException(
                $"the operator's namespace is unknown: {NamespaceFile} does not exist; set OPERATOR_NAMESPACE");
        return SettingsIn(ns);
    }

    private OperatorSettings SettingsIn(string ns) => new()
    {
        Namespace = ns,
        LoginServer = LoginServer(),
        ProxyImage = Text("PROXY_IMAGE") ?? "tailscale/tailscale:latest",
        ProxyEngine = Engine(),
        ProxyPriorityClassName = Text("PROXY_PRIORITY_CLASS_NAME") ?? "",
        ProxyTags = [.. List("PROXY_TAGS", "tag:k8s")],
        ProxyFirewallMode = Text("PROXY_FIREWALL_MODE") ?? "",
        ProxyDefaultClass = Text("PROXY_DEFAULT_CLASS") ?? "",
        ServiceAccountName = Text("OPERATOR_SERVICE_ACCOUNT_NAME") ?? "operator",
        DefaultLoadBalancer = Flag("OPERATOR_DEFAULT_LOAD_BALANCER"),
        ClusterDomain = Text("FAIRLEAD_CLUSTER_DOMAIN")
            ?? Configuration.ClusterDomain.From(readFile(Configuration.ClusterDomain.ResolverFile), ns)
            ?? Configuration.ClusterDomain.Default,
    };

    /// <summary>How the process runs: listeners, election, concurrency.</summary>
    /// <exception cref="OperatorConfigurationException">A variable cannot be understood.</exception>
    public ProcessSettings Process() => new()
    {
        LogLevel = Text("OPERATOR_LOGGING") ?? "info",
        LogFormat = Text("FAIRLEAD_LOG_FORMAT") switch
        {
            null => Text("OPERATOR_LOGGING") == "dev" ? LogFormat.Text : LogFormat.Json,
            "json" => LogFormat.Json,
            "text" => LogFormat.Text,
            var other => throw new OperatorConfigurationException($"FAIRLEAD_LOG_FORMAT is \"{other}\"; set it to json or text"),
        },
        ListenAddress = Listener("FAIRLEAD_LISTEN_ADDRESS", "[::]:8080"),
        LeaderElection = Flag("FAIRLEAD_LEADER_ELECTION", unset: true),
        // Outside a Pod, two operators on one host must not take each other for themselves.
        Identity = Text("POD_NAME") ?? $"{Environment.MachineName}-{Environment.ProcessId}",
        Workers = Number("FAIRLEAD_WORKERS", 16, 1, 256),
        Kubeconfig = Text("KUBECONFIG"),
    };

    /// <summary>Where the credentials of the control plane are.</summary>
    public CredentialSettings Credentials() => new()
    {
        ClientId = Text("CLIENT_ID"),
        ClientIdFile = Text("CLIENT_ID_FILE"),
        ClientSecretFile = Text("CLIENT_SECRET_FILE"),
    };

    private ProxyEngine Engine() => Text("FAIRLEAD_PROXY_ENGINE") switch
    {
        null or "tailscaled" => ProxyEngine.Tailscaled,
        "managed" => Text("PROXY_IMAGE") is not null
            ? ProxyEngine.Managed
            : throw new OperatorConfigurationException("FAIRLEAD_PROXY_ENGINE is \"managed\" and PROXY_IMAGE is not set; set it to an image of Fairlead, upstream's has no such engine"),
        var other => throw new OperatorConfigurationException($"FAIRLEAD_PROXY_ENGINE is \"{other}\"; set it to tailscaled or managed"),
    };

    private string LoginServer()
    {
        var text = Text("OPERATOR_LOGIN_SERVER");
        if (text is null)
        {
            return "";
        }

        var trimmed = text.EndsWith('/') ? text[..^1] : text;
        return Uri.TryCreate(trimmed, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? trimmed
            : throw new OperatorConfigurationException($"OPERATOR_LOGIN_SERVER is \"{text}\"; set it to a URL like https://controlplane.tailscale.com");
    }

    private string? Text(string name) => variable(name) is { Length: > 0 } text ? text : null;

    private bool Flag(string name, bool unset = false) => Text(name) is { } text ? text == "true" : unset;

    private string[] List(string name, string unset) =>
        (Text(name) ?? unset).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private int Number(string name, int unset, int least, int most) =>
        Text(name) is not { } text ? unset
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new OperatorConfigurationException($"{name} is \"{text}\"; set it to a number from {least} to {most}");

    private IPEndPoint? Listener(string name, string unset)
    {
        var text = Text(name) ?? unset;
        return text == "off" ? null
            : IPEndPoint.TryParse(text, out var address) ? address
            : throw new OperatorConfigurationException($"{name} is \"{text}\"; set it to ADDRESS:PORT, like [::]:8080, or to off");
    }
}
