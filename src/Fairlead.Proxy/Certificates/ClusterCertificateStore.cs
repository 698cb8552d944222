using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Proxy.Certificates;

/// <summary>Certificates and the authority's account where other Pods find them, as far as they are shared.</summary>
/// <param name="own">Keeps what is not shared.</param>
/// <param name="sharesCertificates">Whether each name has a Secret of its own.</param>
/// <param name="account">Where the account is shared; null for one of this device's own.</param>
internal sealed class ClusterCertificateStore(
    ICertificateStore own, KubernetesClient client, string @namespace, bool sharesCertificates, AcmeAccountSecret? account) : ICertificateStore
{
    public async ValueTask<(string KeyPem, string ChainPem)?> ReadAsync(string domain, CancellationToken cancellationToken)
    {
        if (!sharesCertificates)
        {
            return await own.ReadAsync(domain, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return CertificateSecret.Read(await client.For(KubernetesResources.Secrets).TryGetAsync(KeyOf(domain), cancellationToken).ConfigureAwait(false));
        }
        catch (KubernetesApiException e) when (e.IsForbidden)
        {
            // The right to read it comes with the Secret, a little later.
            return null;
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            throw new NodeStateException($"The Secret {KeyOf(domain)} cannot be read: {e.Message}", e);
        }
    }

    public async ValueTask WriteAsync(string domain, string keyPem, string chainPem, CancellationToken cancellationToken)
    {
        if (!sharesCertificates)
        {
            await own.WriteAsync(domain, keyPem, chainPem, cancellationToken).ConfigureAwait(false);
            return;
        }

        var data = new JsonObject { [CertificateSecret.ChainField] = Base64(chainPem), [CertificateSecret.KeyField] = Base64(keyPem) };
        if (account is not null && await account.ReadAsync(cancellationToken).ConfigureAwait(false) is { } accountPem)
        {
            data[CertificateSecret.FingerprintField] = Base64(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(accountPem))));
        }

        try
        {
            await client.For(KubernetesResources.Secrets).PatchAsync(
                KeyOf(domain), Patch.Merge(new JsonObject { ["data"] = data }), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            throw new NodeStateException($"The Secret {KeyOf(domain)} cannot be written: {e.Message} The operator makes it, and the Role that allows it.", e);
        }
    }

    public ValueTask<string?> ReadAccountKeyAsync(CancellationToken cancellationToken) =>
        account?.ReadAsync(cancellationToken) ?? own.ReadAccountKeyAsync(cancellationToken);

    public ValueTask<string> AddAccountKeyAsync(string keyPem, CancellationToken cancellationToken) =>
        account?.AddAsync(keyPem, cancellationToken) ?? own.AddAccountKeyAsync(keyPem, cancellationToken);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private ObjectKey KeyOf(string domain) => new(@namespace, domain);
}
