using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>One or more kubeconfig files, merged: of entries with the same name the first wins, likewise of current contexts.</summary>
internal sealed class Kubeconfig
{
    private readonly Dictionary<string, KubeconfigNode> _clusters = [];
    private readonly Dictionary<string, KubeconfigNode> _contexts = [];
    private readonly Dictionary<string, KubeconfigNode> _users = [];
    private readonly IReadOnlyList<string> _paths;
    private readonly ClusterConfigurationOptions _options;
    private string? _currentContext;

    private Kubeconfig(IReadOnlyList<string> paths, ClusterConfigurationOptions options)
    {
        _paths = paths;
        _options = options;
    }

    private string Origin => string.Join(", ", _paths);

    public static Kubeconfig Load(IReadOnlyList<string> paths, ClusterConfigurationOptions options, bool mustExist)
    {
        var merged = new Kubeconfig(paths, options);
        foreach (var path in paths)
        {
            // kubectl passes over files of a list that do not exist.
            if (!mustExist && !File.Exists(path))
                continue;

            if (KubeconfigNode.ReadFile(path) is { } file)
                merged.Add(file);
        }

        return merged;
    }

    public ClusterConfiguration Resolve(string? contextName)
    {
        if (_contexts.Count == 0 && _clusters.Count == 0)
        {
            throw new KubeconfigException(
                $"no cluster is configured in {Origin}", "Set KUBECONFIG to a kubeconfig file, or run inside a cluster.");
        }

        contextName ??= _currentContext ?? throw new KubeconfigException(
            $"{Origin} names no current-context", $"Choose one with 'kubectl config use-context'. There are: {Names(_contexts)}.");
        var context = Find(_contexts, contextName, "context", null, null);
        var cluster = Find(_clusters, context.Required("cluster"), "cluster", context, "cluster");
        var user = context.String("user") is { } userName ? Find(_users, userName, "user", context, "user") : null;
        var skipVerification = cluster.Boolean("insecure-skip-tls-verify");
        var configuration = new ClusterConfiguration
        {
            Server = ReadServer(cluster),
            Namespace = context.String("namespace") ?? "default",
            AuthorityContent = ReadAuthorities(cluster, skipVerification),
            SkipTlsVerification = skipVerification,
            TlsServerName = cluster.String("tls-server-name"),
            Proxy = ReadProxy(cluster),
            Origin = $"context {contextName} of {Origin}",
        };
        return user is null ? configuration : KubeconfigUser.Apply(user, cluster, configuration, _options);
    }

    private void Add(KubeconfigNode file)
    {
        _currentContext ??= file.String("current-context");
        AddEntries(file, "clusters", "cluster", _clusters);
        AddEntries(file, "contexts", "context", _contexts);
        AddEntries(file, "users", "user", _users);
    }

    private static void AddEntries(KubeconfigNode file, string list, string member, Dictionary<string, KubeconfigNode> entries)
    {
        foreach (var entry in file.Objects(list))
        {
            // An entry without a body ('user: {}' may be left out) still has a name that contexts refer to.
            var name = entry.Required("name");
            if (entry.Object(member) is { } body)
                entries.TryAdd(name, body);
            else if (member == "user")
                entries.TryAdd(name, entry);
            else
                throw entry.Error(member, "this is missing", $"Add the '{member}' of '{name}'.");
        }
    }

    private static KubeconfigNode Find(
        Dictionary<string, KubeconfigNode> entries, string name, string kind, KubeconfigNode? referrer, string? field)
    {
        if (entries.TryGetValue(name, out var found))
            return found;

        var problem = $"there is no {kind} '{name}'";
        var remedy = entries.Count == 0 ? $"Add it to the list of {kind}s." : $"Use one of: {Names(entries)}.";
        throw referrer is null ? new KubeconfigException(problem, remedy) : referrer.Error(field!, problem, remedy);
    }

    private static string Names(Dictionary<string, KubeconfigNode> entries) => string.Join(", ", entries.Keys.Order(StringComparer.Ordinal));

    private static Uri ReadServer(KubeconfigNode cluster)
    {
        var text = cluster.Required("server");
        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(withScheme, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? server
            : throw cluster.Error("server", $"'{text}' is not the address of an API server", "Write https://host:port.");
    }

    private RenewableContent<X509Certificate2Collection>? ReadAuthorities(KubeconfigNode cluster, bool skipVerification)
    {
        if (cluster.Content("certificate-authority-data", "certificate-authority") is not { } pem)
            return null;

        var isFile = cluster.String("certificate-authority-data") is null;
        var field = isFile ? "certificate-authority" : "certificate-authority-data";
        if (skipVerification)
            throw cluster.Error(field, "this contradicts insecure-skip-tls-verify", "Remove insecure-skip-tls-verify.");

        try
        {
            return isFile
                ? new(() => cluster.Content("certificate-authority-data", field) ?? "", CertificateText.ReadAuthorities, _options)
                : new(CertificateText.ReadAuthorities(pem));
        }
        catch (CryptographicException e)
        {
            throw cluster.Error(field, $"this holds no certificate ({e.Message})", "Give the PEM text of the authority that signed the server's certificate.", e);
        }
    }

    private static Uri? ReadProxy(KubeconfigNode cluster)
    {
        if (cluster.String("proxy-url") is not { } text)
            return null;

        return Uri.TryCreate(text, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw cluster.Error("proxy-url", "this is not the address of a proxy", "Write http://, https:// or socks5://host:port.");
    }
}
