using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Makes the connection pool for one server, as certain authorities vouch for it, and one client certificate.</summary>
internal static class ConnectionFactory
{
    // A dead peer is noticed after at most half a minute, well before a silent watch would be.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    // Behind a load balancer, connections must move to new servers some day.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(30);

    // Everything that arrives is read at once; with the default of 64 KiB, watches would send an update for every 8 KiB.
    private const int StreamWindow = 1024 * 1024;

    public static HttpMessageInvoker Create(
        ClusterConfiguration configuration, KubernetesClientOptions options, X509Certificate2Collection? authorities,
        SslStreamCertificateContext? clientCertificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindow,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
            SslOptions = TlsOptions(configuration, authorities, clientCertificate),
            RequestHeaderEncodingSelector = ImpersonationHeaders.EncodingOf,
        };
        if (configuration.Proxy is { } proxy)
            handler.Proxy = new WebProxy(proxy);

        return new HttpMessageInvoker(handler, disposeHandler: true);
    }

    private static SslClientAuthenticationOptions TlsOptions(
        ClusterConfiguration configuration, X509Certificate2Collection? authorities, SslStreamCertificateContext? clientCertificate)
    {
        var tls = new SslClientAuthenticationOptions { ClientCertificateContext = clientCertificate };
        if (configuration.SkipTlsVerification)
        {
#pragma warning disable CA5359 // The kubeconfig asks for it by name: insecure-skip-tls-verify.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (authorities is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            tls.CertificateChainPolicy = policy;
        }

        return tls;
    }
}
