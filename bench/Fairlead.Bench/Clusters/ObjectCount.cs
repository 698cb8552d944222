using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Bench.Clusters;

/// <summary>Counts objects without transferring them.</summary>
internal static class ObjectCount
{
    private static readonly ListOptions One = new() { PageSize = 1 };

    public static async Task<long> OfAsync<T>(ResourceClient<T> client, string ns, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        await foreach (var page in client.ListAsync(ns, One, cancellationToken).ConfigureAwait(false))
        {
            if (string.IsNullOrEmpty(page.Metadata.Continue) || page.Metadata.RemainingItemCount is not null)
            {
                return page.Items.Count + (page.Metadata.RemainingItemCount ?? 0);
            }

            // Servers may keep the number of the rest to themselves.
            break;
        }

        return (await client.ListAllAsync(ns, cancellationToken: cancellationToken).ConfigureAwait(false)).Items.Count;
    }
}
