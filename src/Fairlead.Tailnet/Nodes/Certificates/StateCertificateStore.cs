using System.Text;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>Certificates beside the node's identity, under the keys that tailscaled has for them.</summary>
public sealed class StateCertificateStore(INodeStateStore state) : ICertificateStore
{
    public async ValueTask<(string KeyPem, string ChainPem)?> ReadAsync(string domain, CancellationToken cancellationToken)
    {
        var key = await state.ReadAsync(NodeStateKeys.CertificateKey(domain), cancellationToken).ConfigureAwait(false);
        var chain = await state.ReadAsync(NodeStateKeys.CertificateChain(domain), cancellationToken).ConfigureAwait(false);
        return key is null || chain is null ? null : (Encoding.ASCII.GetString(key), Encoding.ASCII.GetString(chain));
    }

    public ValueTask WriteAsync(string domain, string keyPem, string chainPem, CancellationToken cancellationToken) => state.WriteAsync(
        new Dictionary<string, byte[]?>(StringComparer.Ordinal)
        {
            [NodeStateKeys.CertificateKey(domain)] = Encoding.ASCII.GetBytes(keyPem),
            [NodeStateKeys.CertificateChain(domain)] = Encoding.ASCII.GetBytes(chainPem),
        },
        cancellationToken);

    public async ValueTask<string?> ReadAccountKeyAsync(CancellationToken cancellationToken) =>
        await state.ReadAsync(NodeStateKeys.AcmeAccountKey, cancellationToken).ConfigureAwait(false) is { Length: > 0 } pem ? Encoding.ASCII.GetString(pem) : null;

    public async ValueTask<string> AddAccountKeyAsync(string keyPem, CancellationToken cancellationToken)
    {
        await state.WriteAsync(NodeStateKeys.AcmeAccountKey, Encoding.ASCII.GetBytes(keyPem), cancellationToken).ConfigureAwait(false);
        return keyPem;
    }
}
