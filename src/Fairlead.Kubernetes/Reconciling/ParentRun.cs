using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Reconciling;

/// <summary>
/// The parent while its plan runs. Each write names the version the last one left, so that the chain breaks as soon as somebody
/// else writes in between.
/// </summary>
internal sealed class ParentRun<TParent>(
    ResourceClient<TParent> client, ResourceType<TParent> type, TParent parent, string fieldManager, WrittenObjects written)
    where TParent : class, IKubernetesObject
{
    private string? _resourceVersion = parent.Metadata.ResourceVersion;
    private IReadOnlyList<string> _finalizers = parent.Metadata.Finalizers ?? [];

    public ObjectKey Key { get; } = new(parent.Metadata.Namespace ?? "", parent.Metadata.Name ?? "");

    /// <summary>Whether the last finalizer of a deleted parent went, so that there is no status to write any more.</summary>
    public bool IsGone { get; private set; }

    public async ValueTask SetFinalizerAsync(FinalizerStep step, CancellationToken cancellationToken)
    {
        if (_finalizers.Contains(step.Finalizer) == step.Present)
        {
            return;
        }

        var wanted = step.Present ? _finalizers.Append(step.Finalizer) : _finalizers.Where(finalizer => finalizer != step.Finalizer);
        var list = new JsonArray([.. wanted.Select(finalizer => JsonValue.Create(finalizer))]);
        try
        {
            await WriteAsync(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = list } }, null, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsNotFound && !step.Present)
        {
            written.Deleted<TParent>(Key, parent.Metadata.Uid);
            IsGone = true;
            return;
        }

        if (!step.Present && parent.Metadata.DeletionTimestamp is not null && _finalizers.Count == 0)
        {
            written.Deleted<TParent>(Key, parent.Metadata.Uid);
            IsGone = true;
        }
    }

    public ValueTask PatchAsync(ParentPatchStep step, CancellationToken cancellationToken) =>
        WriteAsync(step.Patch.DeepClone().AsObject(), null, cancellationToken);

    public async ValueTask WriteStatusAsync(TParent wanted, CancellationToken cancellationToken)
    {
        if (StatusDifference.Between(StatusOf(parent), StatusOf(wanted)) is { } difference)
        {
            await WriteAsync(new JsonObject { ["status"] = difference }, "status", cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteAsync(JsonObject patch, string? subresource, CancellationToken cancellationToken)
    {
        if (patch["metadata"] is not JsonObject metadata)
        {
            patch["metadata"] = metadata = [];
        }

        metadata["resourceVersion"] = _resourceVersion;
        var result = await client.PatchAsync(
            Key, Patch.Merge(patch), new WriteOptions { FieldManager = fieldManager, Subresource = subresource }, cancellationToken).ConfigureAwait(false);
        _resourceVersion = result.Metadata.ResourceVersion;
        _finalizers = result.Metadata.Finalizers ?? [];
        written.Written(result);
    }

    private JsonElement StatusOf(TParent value) =>
        JsonSerializer.SerializeToElement(value, type.Json).TryGetProperty("status", out var status)
            ? status
            : JsonDocument.Parse("{}").RootElement;
}
