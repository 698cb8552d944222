using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>Where a cluster's API server is, how to trust it and who to be there.</summary>
public sealed record ClusterConfiguration
{
    /// <summary>Base address; a path in it (as gateways use) is kept.</summary>
    public required Uri Server { get; init; }

    /// <summary>Namespace for callers who do not name one.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Authorities that may have signed the server's certificate; null trusts those of the system.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>Accepts any server certificate. Only ever set because a kubeconfig says so.</summary>
    public bool SkipTlsVerification { get; init; }

    /// <summary>
    /// Name the server's certificate must carry if it is not the host of <see cref="Server"/>. It is sent as SNI and as <c>Host</c>.
    /// </summary>
    public string? TlsServerName { get; init; }

    /// <summary>HTTP, HTTPS or SOCKS5 proxy for this server; null follows the environment's proxy variables.</summary>
    public Uri? Proxy { get; init; }

    public ICredentialSource Credentials { get; init; } = StaticCredentialSource.Anonymous;

    /// <summary>What this was read from, for messages.</summary>
    public string? Origin { get; init; }

    public override string ToString() => Origin is null ? Server.ToString() : $"{Server} ({Origin})";
}
