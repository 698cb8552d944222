using System.Text.Json.Nodes;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>How to run a program that hands out credentials (<c>users[].user.exec</c>).</summary>
internal sealed record ExecPlugin
{
    private const string Group = "client.authentication.k8s.io/";

    public required string ApiVersion { get; init; }

    public required string Command { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required ExecInteractiveMode InteractiveMode { get; init; }

    public string? InstallHint { get; init; }

    /// <summary><c>spec.cluster</c> of what the program is told, if it is to be told.</summary>
    public JsonObject? Cluster { get; init; }

    public static ExecPlugin Read(KubeconfigNode exec, KubeconfigNode cluster, ClusterConfiguration configuration)
    {
        var apiVersion = exec.Required("apiVersion");
        if (apiVersion is not (Group + "v1" or Group + "v1beta1"))
            throw exec.Error("apiVersion", $"'{apiVersion}' is not supported", $"Use {Group}v1 or {Group}v1beta1.");

        var command = exec.Required("command");
        return new ExecPlugin
        {
            ApiVersion = apiVersion,

            // With a separator it is a path, from the file's folder; without, it is looked up in PATH.
            Command = command.AsSpan().ContainsAny('/', '\\') ? exec.PathOf(command) : command,
            Arguments = exec.Strings("args"),
            Environment = exec.Objects("env").ToDictionary(entry => entry.Required("name"), entry => entry.String("value") ?? ""),
            InteractiveMode = ReadInteractiveMode(exec, apiVersion),
            InstallHint = exec.String("installHint"),
            Cluster = exec.Boolean("provideClusterInfo") ? Describe(cluster, configuration) : null,
        };
    }

    private static ExecInteractiveMode ReadInteractiveMode(KubeconfigNode exec, string apiVersion)
    {
        if (exec.String("interactiveMode") is not { } text)
        {
            return apiVersion == Group + "v1beta1"
                ? ExecInteractiveMode.IfAvailable
                : throw exec.Error("interactiveMode", "this is missing", "Add Never, IfAvailable or Always.");
        }

        return Enum.TryParse<ExecInteractiveMode>(text, out var mode) && Enum.IsDefined(mode)
            ? mode
            : throw exec.Error("interactiveMode", $"'{text}' is unknown", "Use Never, IfAvailable or Always.");
    }

    private static JsonObject Describe(KubeconfigNode cluster, ClusterConfiguration configuration)
    {
        var description = new JsonObject { ["server"] = configuration.Server.OriginalString };
        if (configuration.TlsServerName is { } serverName)
            description["tls-server-name"] = serverName;

        if (configuration.SkipTlsVerification)
            description["insecure-skip-tls-verify"] = true;

        if (cluster.Content("certificate-authority-data", "certificate-authority") is { } pem)
            description["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem));

        if (configuration.Proxy is { } proxy)
            description["proxy-url"] = proxy.OriginalString;

        var settings = cluster.Objects("extensions").FirstOrDefault(extension => extension.String("name") == "client.authentication.k8s.io/exec");
        description["config"] = settings?.Body["extension"]?.DeepClone();
        return description;
    }
}
