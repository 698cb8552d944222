using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// Looks into an object that a creation met under its name. One with the desired labels is only missing from a cache that lags. One
/// without them never appears among the children that labels select, so that waiting for it would go on for ever.
/// </summary>
internal sealed class NameOccupancy(KubernetesClient client, string fieldManager)
{
    /// <summary>Gives an object of our own the labels back that somebody took off.</summary>
    /// <returns>The object with its labels; null when there is nothing to do but to look again.</returns>
    /// <exception cref="NameOccupiedException">The object is not ours.</exception>
    public async ValueTask<T?> ResolveAsync<T>(ResourceType<T> type, ObjectKey key, T desired, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        if (await client.For(type).TryGetAsync(key, cancellationToken).ConfigureAwait(false) is not { } present
            || Missing(desired, present) is not { Count: > 0 } missing)
        {
            return null;
        }

        if (present.Metadata.ManagedFields?.Any(entry => entry.Manager == fieldManager) != true)
        {
            throw new NameOccupiedException(type.Kind, key, missing);
        }

        var labels = new JsonObject(missing.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = present.Metadata.ResourceVersion, ["labels"] = labels },
        };
        return await client.For(type)
            .PatchAsync(key, Patch.Merge(patch), new WriteOptions { FieldManager = fieldManager }, cancellationToken).ConfigureAwait(false);
    }

    private static List<KeyValuePair<string, string>> Missing(IKubernetesObject desired, IKubernetesObject present) =>
        [.. (desired.Metadata.Labels ?? new Dictionary<string, string>())
            .Where(label => present.Metadata.Labels?.TryGetValue(label.Key, out var value) != true || value != label.Value)];
}
