using System.Text;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Proxy.Certificates;

/// <summary>A Secret in which all ProxyGroups of a tailnet keep the key of one account at the certificate authority.</summary>
/// <param name="field">That of this tailnet.</param>
internal sealed class AcmeAccountSecret(KubernetesClient client, ObjectKey key, string field)
{
    /// <summary>Others of the Secret's fields change when a ProxyGroup of another tailnet starts, which is rare.</summary>
    private const int Attempts = 5;

    /// <exception cref="NodeStateException">It cannot be read.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var secret = await client.For(KubernetesResources.Secrets).GetAsync(key, cancellationToken).ConfigureAwait(false);
            return secret.Data?.GetValueOrDefault(field) is { Length: > 0 } pem ? Encoding.ASCII.GetString(pem) : null;
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            throw new NodeStateException($"The Secret {key} with the certificate authority's account cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Keeps a key unless there is one: of several Pods that begin at once one is the first.</summary>
    /// <returns>The key that is there then.</returns>
    /// <exception cref="NodeStateException">It cannot be written.</exception>
    public async ValueTask<string> AddAsync(string keyPem, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var secret = await client.For(KubernetesResources.Secrets).GetAsync(key, cancellationToken).ConfigureAwait(false);
                if (secret.Data?.GetValueOrDefault(field) is { Length: > 0 } known)
                {
                    return Encoding.ASCII.GetString(known);
                }

                // With the version that was read: a write in between is a conflict, and is looked at again.
                var data = new Dictionary<string, byte[]>(secret.Data ?? new Dictionary<string, byte[]>(), StringComparer.Ordinal) { [field] = Encoding.ASCII.GetBytes(keyPem) };
                await client.For(KubernetesResources.Secrets).UpdateAsync(secret with { Data = data }, cancellationToken: cancellationToken).ConfigureAwait(false);
                return keyPem;
            }
            catch (KubernetesApiException e) when (e.IsConflict && attempt < Attempts)
            {
                // Somebody else's key may be there now.
            }
            catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
            {
                throw new NodeStateException($"The Secret {key} with the certificate authority's account cannot be written: {e.Message}", e);
            }
        }
    }
}
