using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Drift;

/// <summary>
/// Brings objects to their desired state with the fewest writes: none when nothing differs, one server-side apply when fields
/// are missing or other, a JSON patch where foreign fields have to go, which an apply cannot remove, and a merge patch for both at once.
/// </summary>
internal sealed class DriftCorrector(KubernetesClient client, string fieldManager)
{
    /// <summary>How often a surplus field of one kind may come back after its removal before it is taken for the server's own.</summary>
    private const int FutileRemovals = 3;

    /// <summary>More are forgotten, as objects come and go; each costs one more futile write.</summary>
    private const int MaximumSettled = 10_000;

    /// <summary>Surplus fields that came back, by kind and pattern: server defaults this library does not know, or a webhook's.</summary>
    private readonly ConcurrentDictionary<string, int> _cameBack = new(StringComparer.Ordinal);

    /// <summary>What was sent for an object in which version, where the server took it and changed nothing: no use in sending it again.</summary>
    private readonly ConcurrentDictionary<string, string> _settled = new(StringComparer.Ordinal);

    /// <summary>
    /// An object that was not observed is created, which costs an API server a fraction of an apply and never writes over one that
    /// the caller does not know of: that fails as <c>AlreadyExists</c>. What a webhook put into it meanwhile is found when the object is
    /// observed the next time, for which its own creation is reason enough.
    /// </summary>
    /// <returns>The object after the last write; null when none was needed.</returns>
    public async ValueTask<T?> CorrectAsync<T>(
        ResourceType<T> type, T desired, T? observed, ImmutableArray<string> exclusivePaths, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        if (observed is null)
        {
            return await client.For(type).CreateAsync(desired, new WriteOptions { FieldManager = fieldManager }, cancellationToken).ConfigureAwait(false);
        }

        var wanted = JsonSerializer.SerializeToElement(desired, type.Json);
        var report = Compare(type, wanted, observed, exclusivePaths);
        if (report is { Different: false, Surplus.IsEmpty: true } || IsSettled(type, wanted, observed))
        {
            return null;
        }

        var current = observed;
        if (report.Different)
        {
            current = await WriteAsync(type, wanted, observed, report.Surplus, exclusivePaths, cancellationToken).ConfigureAwait(false);
            report = Compare(type, wanted, current, exclusivePaths);
        }

        if (!report.Surplus.IsEmpty)
        {
            current = await RemoveAsync(type, current, report.Surplus, cancellationToken).ConfigureAwait(false);
            Learn(type, wanted, current, report.Surplus, exclusivePaths);
        }

        if (current.Metadata.ResourceVersion == observed.Metadata.ResourceVersion)
        {
            if (_settled.Count >= MaximumSettled)
            {
                _settled.Clear();
            }

            _settled[IdentityOf(type, current)] = Fingerprint(wanted, current);
        }

        return current;
    }

    private DriftReport Compare<T>(ResourceType<T> type, JsonElement wanted, T observed, ImmutableArray<string> exclusivePaths)
        where T : class, IKubernetesObject =>
        DriftDetector.Compare(
            wanted,
            JsonSerializer.SerializeToElement(observed, type.Json),
            exclusivePaths,
            pattern => _cameBack.TryGetValue($"{type.GroupResource} {pattern}", out var times) && times >= FutileRemovals);

    private Task<T> WriteAsync<T>(
        ResourceType<T> type, JsonElement wanted, T observed, ImmutableArray<SurplusField> surplus, ImmutableArray<string> exclusivePaths, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        // With its UID, as an apply would make anew what was deleted meanwhile, from a view in which it needs less than a new one does.
        var replacement = surplus.IsEmpty ? null : Replacement.Of(wanted, surplus, exclusivePaths);
        var desired = replacement ?? JsonObject.Create(wanted)!;
        if (observed.Metadata.Uid is { } uid)
        {
            desired["metadata"]!["uid"] = uid;
        }

        // A merge patch replaces lists as a whole and leaves foreign fields outside lists alone, as apply would.
        return replacement is not null || RepeatedVariables.AreIn(wanted)
            ? client.For(type).PatchAsync(
                new ObjectKey(observed.Metadata.Namespace ?? "", observed.Metadata.Name ?? ""),
                Patch.Merge(desired),
                new WriteOptions { FieldManager = fieldManager },
                cancellationToken)
            : client.For(type).ApplyAsync(
                desired.Deserialize(type.Json)!, new ApplyOptions { FieldManager = fieldManager, Force = true }, cancellationToken);
    }

    private async Task<T> RemoveAsync<T>(
        ResourceType<T> type, T current, ImmutableArray<SurplusField> surplus, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        // Positions in lists are only right for the version that was compared. Replaced, not tested: a failed test would be
        // refused as an invalid patch, whereas an old version is a conflict, which passes.
        var patch = new JsonArray(
            new JsonObject { ["op"] = "replace", ["path"] = "/metadata/resourceVersion", ["value"] = current.Metadata.ResourceVersion });

        // From the end, so that no removal moves what a later one names.
        foreach (var field in surplus.Reverse())
        {
            patch.Add((JsonNode)(field.Desired is { } list
                ? new JsonObject { ["op"] = "replace", ["path"] = field.Pointer, ["value"] = JsonNode.Parse(list.GetRawText()) }
                : new JsonObject { ["op"] = "remove", ["path"] = field.Pointer }));
        }

        var key = new ObjectKey(current.Metadata.Namespace ?? "", current.Metadata.Name ?? "");
        try
        {
            return await client.For(type)
                .PatchAsync(key, Patch.Json(patch), new WriteOptions { FieldManager = fieldManager }, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsInvalid)
        {
            // What is not there any more cannot be removed, and that is found before the version is compared.
            var present = await client.For(type).TryGetAsync(key, cancellationToken).ConfigureAwait(false);
            if (present?.Metadata.ResourceVersion == current.Metadata.ResourceVersion)
            {
                throw;
            }

            throw new OutdatedObservationException(type.Kind, key, e);
        }
    }

    private void Learn<T>(
        ResourceType<T> type, JsonElement wanted, T current, ImmutableArray<SurplusField> removed, ImmutableArray<string> exclusivePaths)
        where T : class, IKubernetesObject
    {
        var left = Compare(type, wanted, current, exclusivePaths).Surplus.Select(field => field.Pattern).ToHashSet(StringComparer.Ordinal);
        foreach (var pattern in removed.Select(field => field.Pattern).Where(left.Contains).Distinct(StringComparer.Ordinal))
        {
            _cameBack.AddOrUpdate($"{type.GroupResource} {pattern}", 1, static (_, times) => times + 1);
        }
    }

    private bool IsSettled<T>(ResourceType<T> type, JsonElement wanted, T observed)
        where T : class, IKubernetesObject =>
        _settled.TryGetValue(IdentityOf(type, observed), out var sent) && sent == Fingerprint(wanted, observed);

    // A digest, as the desired object may hold secrets and this outlives the reconcile.
    private static string Fingerprint<T>(JsonElement wanted, T current)
        where T : class, IKubernetesObject =>
        $"{current.Metadata.ResourceVersion} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted.GetRawText())))}";

    private static string IdentityOf<T>(ResourceType<T> type, T value)
        where T : class, IKubernetesObject =>
        $"{type.GroupResource} {value.Metadata.Uid}";
}
