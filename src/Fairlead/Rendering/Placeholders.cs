using System.Security.Cryptography;
using System.Text;
using Fairlead.Kubernetes.Resources;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Keys;

namespace Fairlead.Rendering;

/// <summary>Stand-ins for what only a cluster or a control plane gives. They are the same in every run, so that outputs compare.</summary>
internal static class Placeholders
{
    /// <summary>From a range that is set aside for documentation (RFC 5737).</summary>
    public const string ClusterIp = "192.0.2.1";

    /// <summary>Where an auth key will be.</summary>
    public static AuthKey AuthKey { get; } = new() { Id = "none", Secret = new SecretText("AUTH-KEY-TO-BE-ISSUED") };

    public static string UidOf(ObjectKey service) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(service.ToString())).AsSpan(0, 16)).ToString();
}
