using System.Net.Security;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.Certificates;

namespace Fairlead.TailnetNodes;

/// <summary>A node's certificate as TLS servers want it: asked for with each handshake, so that a renewed one is used from then on.</summary>
internal sealed class ServedCertificate(TailnetNode node)
{
    private volatile Prepared? _latest;

    /// <inheritdoc cref="TailnetNode.GetCertificateAsync"/>
    public async Task<SslStreamCertificateContext> GetAsync(CancellationToken cancellationToken)
    {
        var certificate = await node.GetCertificateAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var latest = _latest;
        if (latest?.Certificate != certificate)
        {
            _latest = latest = new Prepared(certificate, certificate.ToTlsContext());
        }

        return latest.Context;
    }

    private sealed record Prepared(NodeCertificate Certificate, SslStreamCertificateContext Context);
}
