using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>The cluster a Pod runs in, as its ServiceAccount.</summary>
internal static class InClusterConfiguration
{
    private const string HostVariable = "KUBERNETES_SERVICE_HOST";
    private const string PortVariable = "KUBERNETES_SERVICE_PORT";

    // Set for Pods that run as processes without a root file system of their own: the folder that stands for it.
    private const string RootVariable = "FAIRLEAD_POD_ROOT";

    /// <returns>Null outside a Pod.</returns>
    public static ClusterConfiguration? TryLoad(ClusterConfigurationOptions options)
    {
        var host = options.Environment(HostVariable);
        var port = options.Environment(PortVariable);
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
            return null;

        var tokenFile = Path.Combine(ServiceAccountDirectory(options), "token");
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

    private static string ServiceAccountDirectory(ClusterConfigurationOptions options) =>
        options.Environment(RootVariable) is { Length: > 0 } root ? Path.Join(root, options.ServiceAccountDirectory) : options.ServiceAccountDirectory;

    private static string? ReadNamespace(ClusterConfigurationOptions options)
    {
        var file = Path.Combine(ServiceAccountDirectory(options), "namespace");
        return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } ns ? ns : null;
    }

    private static RenewableContent<X509Certificate2Collection> ReadAuthorities(ClusterConfigurationOptions options)
    {
        var file = Path.Combine(ServiceAccountDirectory(options), "ca.crt");
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
