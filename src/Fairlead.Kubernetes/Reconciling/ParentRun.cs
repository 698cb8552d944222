using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
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
    // Alone, as the rest of the object is not compared.
    private readonly JsonPropertyInfo? _status = type.Json.Properties.FirstOrDefault(static property => property.Name == "status");

    private string? _resourceVersion = parent.Metadata.ResourceVersion;
    private IReadOnlyList<string> _finalizers = parent.Metadata.Finalizers ?? [];
    private IReadOnlyList<string>? _unwrittenFinalizers;

    public ObjectKey Key { get; } = new(parent.Metadata.Namespace ?? "", parent.Metadata.Name ?? "");

    /// <summary>Whether the last finalizer of a deleted parent went, so that there is no status to write any more.</summary>
    public bool IsGone { get; private set; }

    public async ValueTask SetFinalizerAsync(FinalizerStep step, CancellationToken cancellationToken)
    {
        var before = _unwrittenFinalizers ?? _finalizers;
        if (before.Contains(step.Finalizer) == step.Present)
        {
            return;
        }

        IReadOnlyList<string> wanted = step.Present ? [.. before, step.Finalizer] : [.. before.Where(finalizer => finalizer != step.Finalizer)];
        if (step.WithNextWrite)
        {
            _unwrittenFinalizers = wanted;
            return;
        }

        try
        {
            await WriteFinalizersAsync(wanted, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Writes the finalizers that no other write took along.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) =>
        _unwrittenFinalizers is { } finalizers ? WriteFinalizersAsync(finalizers, cancellationToken) : ValueTask.CompletedTask;

    public async ValueTask WriteStatusAsync(TParent wanted, CancellationToken cancellationToken)
    {
        if (StatusDifference.Between(StatusOf(parent), StatusOf(wanted)) is { } difference)
        {
            await WriteAsync(new JsonObject { ["status"] = difference }, "status", cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask WriteFinalizersAsync(IReadOnlyList<string> finalizers, CancellationToken cancellationToken) =>
        WriteAsync(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = ListOf(finalizers) } }, null, cancellationToken);

    private async ValueTask WriteAsync(JsonObject patch, string? subresource, CancellationToken cancellationToken)
    {
        if (patch["metadata"] is not JsonObject metadata)
        {
            patch["metadata"] = metadata = [];
        }

        if (_unwrittenFinalizers is { } finalizers)
        {
            metadata["finalizers"] ??= ListOf(finalizers);
        }

        metadata["resourceVersion"] = _resourceVersion;
        var result = await client.PatchAsync(
            Key, Patch.Merge(patch), new WriteOptions { FieldManager = fieldManager, Subresource = subresource }, cancellationToken).ConfigureAwait(false);
        _resourceVersion = result.Metadata.ResourceVersion;
        _finalizers = result.Metadata.Finalizers ?? [];
        if (subresource is null || _unwrittenFinalizers?.SequenceEqual(_finalizers) == true)
        {
            // Otherwise the type takes no metadata with its status.
            _unwrittenFinalizers = null;
        }

        written.Written(result);
    }

    private static JsonArray ListOf(IReadOnlyList<string> finalizers) => new([.. finalizers.Select(static finalizer => JsonValue.Create(finalizer))]);

    private JsonElement StatusOf(TParent value) =>
        _status?.Get?.Invoke(value) is { } status
            ? JsonSerializer.SerializeToElement(status, type.Json.Options.GetTypeInfo(_status.PropertyType))
            : JsonDocument.Parse("{}").RootElement;
}
