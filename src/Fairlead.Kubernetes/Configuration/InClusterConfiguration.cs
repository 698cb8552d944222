using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>The cluster a Pod runs in, as its ServiceAccount.</summary>
internal static class InClusterConfiguration
{
    private const string HostVariable = "KUBERNETES_SERVICE_HOST";
    private const string PortVariable = "KUBERNETES_SERVICE_PORT";

    /// <returns>Null outside a Pod.</returns>
    public static ClusterConfiguration? TryLoad(ClusterConfigurationOptions options)
    {
        var host = options.Environment(HostVariable);
        var port = options.Environment(PortVariable);
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
            return null;

        var tokenFile = Path.Combine(options.ServiceAccountDirectory, "token");
        if (!File.Exists(tokenFile))
        {
            throw new KubeconfigException(
                $"this is a Pod ({HostVariable} is set), but {tokenFile} does not exist",
                "Leave automountServiceAccountToken on for the Pod and its ServiceAccount, or set KUBECONFIG.");
        }

        // A Service network address may be IPv6.
        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
        return new ClusterConfiguration
        {
            Server = new Uri($"https://{authority}"),
            Namespace = ReadNamespace(options) ?? "default",
            AuthorityContent = ReadAuthorities(options),
            Credentials = new TokenFileCredentialSource(tokenFile, options.TimeProvider, options.Logger),
            Origin = "in-cluster",
        };
    }

    private static string? ReadNamespace(ClusterConfigurationOptions options)
    {
        var file = Path.Combine(options.ServiceAccountDirectory, "namespace");
        return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } ns ? ns : null;
    }

    private static RenewableContent<X509Certificate2Collection> ReadAuthorities(ClusterConfigurationOptions options)
    {
        var file = Path.Combine(options.ServiceAccountDirectory, "ca.crt");
        try
        {
            return new RenewableContent<X509Certificate2Collection>(() => File.ReadAllText(file), CertificateText.ReadAuthorities, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeconfigException($"{file} holds no certificate authority ({e.Message})", "Check the ServiceAccount's projected volume.", innerException: e);
        }
    }
}
