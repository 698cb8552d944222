using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>Where a cluster's API server is, how to trust it and who to be there.</summary>
public sealed record ClusterConfiguration
{
    /// <summary>Base address; a path in it (as gateways use) is kept.</summary>
    public required Uri Server { get; init; }

    /// <summary>Namespace for callers who do not name one.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>
    /// Authorities that may have signed the server's certificate; null trusts those of the system. Those of a file are read again when it
    /// changes.
    /// </summary>
    public X509Certificate2Collection? CertificateAuthorities
    {
        get => AuthorityContent?.Current;
        init => AuthorityContent = value is null ? null : new RenewableContent<X509Certificate2Collection>(value);
    }

    internal RenewableContent<X509Certificate2Collection>? AuthorityContent { get; init; }

    /// <summary>Accepts any server certificate. Only ever set because a kubeconfig says so.</summary>
    public bool SkipTlsVerification { get; init; }

    /// <summary>
    /// Name the server's certificate must carry if it is not the host of <see cref="Server"/>. It is sent as SNI and as <c>Host</c>.
    /// </summary>
    public string? TlsServerName { get; init; }

    /// <summary>HTTP, HTTPS or SOCKS5 proxy for this server; null follows the environment's proxy variables.</summary>
    public Uri? Proxy { get; init; }

    public ICredentialSource Credentials { get; init; } = StaticCredentialSource.Anonymous;

    public Impersonation? Impersonation { get; init; }

    /// <summary>What this was read from, for messages.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// Finds the cluster: an explicit path, else the files of <c>KUBECONFIG</c> (merged, the first to say something wins), else the Pod's own
    /// cluster, else <c>~/.kube/config</c>.
    /// </summary>
    /// <exception cref="KubeconfigException">There is none, or what there is cannot be used.</exception>
    public static ClusterConfiguration Load(ClusterConfigurationOptions? options = null)
    {
        options ??= new ClusterConfigurationOptions();
        if (options.Path is { } path)
            return Kubeconfig.Load([path], options, mustExist: true).Resolve(options.Context);

        if (options.Environment("KUBECONFIG") is { Length: > 0 } list)
        {
            var paths = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return Kubeconfig.Load(paths, options, mustExist: false).Resolve(options.Context);
        }

        return InClusterConfiguration.TryLoad(options)
            ?? Kubeconfig.Load([Path.Combine(options.HomeDirectory, ".kube", "config")], options, mustExist: false).Resolve(options.Context);
    }

    public override string ToString() => Origin is null ? Server.ToString() : $"{Server} ({Origin})";
}
