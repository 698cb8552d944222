using System.Net.Security;
using System.Security.Authentication;
using Fairlead.Kubernetes.Client;
using Fairlead.Proxy.Certificates;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Serving;

/// <summary>The certificates of a node, its own or shared ones, ready for TLS; a renewed one is used from the next handshake on.</summary>
internal sealed partial class ServedCertificates(TailnetNode node, SharedCertificates? shared, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (NodeCertificate Certificate, SslStreamCertificateContext Context)> _ready = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="name">That the client asks for; empty if it does not say.</param>
    /// <exception cref="AuthenticationException">There is no certificate for it.</exception>
    public async ValueTask<SslStreamCertificateContext> ForAsync(string? name, CancellationToken cancellationToken)
    {
        var domains = node.CertificateDomains;
        var domain = domains.FirstOrDefault(domain => string.Equals(domain, name, StringComparison.OrdinalIgnoreCase))
            ?? (string.IsNullOrEmpty(name) && domains is [var only, ..] ? only : throw new AuthenticationException($"'{name}' is no name of this device."));
        try
        {
            var certificate = shared is null
                ? await node.GetCertificateAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false)
                : await shared.TryGetAsync(domain, cancellationToken).ConfigureAwait(false)
                    ?? throw new AuthenticationException($"The Pod that issues certificates has none for {domain} yet.");
            lock (_gate)
            {
                if (!_ready.TryGetValue(domain, out var ready) || ready.Certificate.ChainPem != certificate.ChainPem)
                {
                    _ready[domain] = ready = (certificate, certificate.ToTlsContext());
                }

                return ready.Context;
            }
        }
        catch (Exception e) when (e is AcmeException or TailnetNodeException or NodeStateException or KubernetesApiException or KubernetesConnectionException or IOException or HttpRequestException)
        {
            Log.NoCertificate(logger, domain, e.Message);
            throw new AuthenticationException($"There is no certificate for {domain}.", e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "No certificate for {Domain}: {Reason}")]
        public static partial void NoCertificate(ILogger logger, string domain, string reason);
    }
}
