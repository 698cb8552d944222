using System.Security.Cryptography;
using System.Text;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Tailnet.Nodes.Certificates;

namespace Fairlead.Proxy.Certificates;

/// <summary>The Secret of a served name, as the operator makes it and a ProxyGroup's Pods share it: the name is the domain.</summary>
internal static class CertificateSecret
{
    public const string ChainField = "tls.crt";
    public const string KeyField = "tls.key";

    /// <summary>Tells which account ordered the certificate, without telling its key.</summary>
    public const string FingerprintField = "acme-account-fingerprint";

    /// <summary>The names that are a tailnet's; other Secrets with the same labels are none of ours.</summary>
    public const string DomainSuffix = ".ts.net";

    /// <summary>Labels of those of one ProxyGroup.</summary>
    public static string Selector(string group) => $"tailscale.com/managed=true,tailscale.com/secret-type=certs,tailscale.com/proxy-group={group}";

    /// <summary>Key and chain as PEM; null before the certificate is issued.</summary>
    public static (string KeyPem, string ChainPem)? Read(Secret? secret) =>
        secret?.Data?.GetValueOrDefault(KeyField) is { Length: > 0 } key && secret.Data.GetValueOrDefault(ChainField) is { Length: > 0 } chain
            ? (Encoding.ASCII.GetString(key), Encoding.ASCII.GetString(chain))
            : null;

    /// <summary>Null for one that is none, or half of one.</summary>
    public static NodeCertificate? Parse(Secret? secret)
    {
        try
        {
            return Read(secret) is var (key, chain) ? NodeCertificate.FromPem(key, chain) : null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return null;
        }
    }
}
