using System.Net.Security;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>How a request proves who sends it. Its text never shows a secret.</summary>
public sealed class Credentials
{
    public static Credentials Anonymous { get; } = new();

    public string? BearerToken { get; init; }

    public SslStreamCertificateContext? ClientCertificate { get; init; }

    public override string ToString() => (BearerToken, ClientCertificate) switch
    {
        (null, null) => "anonymous",
        (not null, null) => "bearer token",
        (null, not null) => $"client certificate {ClientCertificate.TargetCertificate.Subject}",
        _ => $"bearer token and client certificate {ClientCertificate.TargetCertificate.Subject}",
    };
}
