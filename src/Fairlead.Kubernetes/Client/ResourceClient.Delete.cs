using System.Buffers;
using System.Text.Json;
using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Client;

public sealed partial class ResourceClient<T>
{
    /// <summary>Deletes the object, or marks it for deletion if it has finalizers.</summary>
    /// <exception cref="KubernetesApiException"><see cref="KubernetesApiException.IsNotFound"/> if there is none.</exception>
    public Task DeleteAsync(ObjectKey key, DeleteOptions? options = null, CancellationToken cancellationToken = default) =>
        DeleteAsync("delete", PathTo(key), "", options, cancellationToken);

    /// <summary>Like <see cref="DeleteAsync(ObjectKey, DeleteOptions?, CancellationToken)"/>, but no object is no error.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> TryDeleteAsync(ObjectKey key, DeleteOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await DeleteAsync(key, options, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Like <see cref="TryDeleteAsync"/>, and tells whether the object stays for a while: for finalizers, or for its grace period.</summary>
    /// <returns>The object as it stays; null when it is gone.</returns>
    public async Task<T?> BeginDeleteAsync(ObjectKey key, DeleteOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _transport.SendAsync(DeleteRequest("delete", PathTo(key), "", options), ReadRemaining, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Deletes every object of a namespace (null: of the cluster) that the selectors match.</summary>
    public Task DeleteCollectionAsync(
        string? ns, ListOptions selection, DeleteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var query = new QueryBuilder();
        query.Add("labelSelector", selection.LabelSelector);
        query.Add("fieldSelector", selection.FieldSelector);
        return DeleteAsync("deletecollection", Type.Path(ns), query.ToString(), options, cancellationToken);
    }

    private Task<bool> DeleteAsync(string verb, string path, string query, DeleteOptions? options, CancellationToken cancellationToken) =>
        _transport.SendAsync(DeleteRequest(verb, path, query, options), static _ => true, cancellationToken);

    private ApiRequest DeleteRequest(string verb, string path, string query, DeleteOptions? options) => Request(HttpMethod.Delete, verb, path) with
    {
        Query = query,
        Body = Encode(options ?? DeleteOptions.Default),
        ContentType = ApiRequest.Json,
        Repeatable = true,
    };

    /// <summary>Of most types a server answers with a Status when the object is gone; of some, such as Services, with its last state.</summary>
    private T? ReadRemaining(ReadOnlySpan<byte> utf8)
    {
        if (!IsOfKind(utf8, Type.Kind))
            return null;

        var last = ObjectCodec.Decode(Type, utf8);
        return last.Metadata is { DeletionTimestamp: not null } metadata
            && (metadata.Finalizers is { Count: > 0 } || metadata.DeletionGracePeriodSeconds > 0)
            ? last
            : null;
    }

    private static bool IsOfKind(ReadOnlySpan<byte> utf8, string kind)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("kind"u8);
            reader.Read();
            if (found)
                return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(kind);

            reader.Skip();
        }

        return false;
    }

    private static ReadOnlyMemory<byte> Encode(DeleteOptions options)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, "v1"u8);
        writer.WriteString("kind"u8, "DeleteOptions"u8);
        if (options.Propagation is { } propagation)
            writer.WriteString("propagationPolicy"u8, propagation.ToString());

        if (options.GracePeriodSeconds is { } seconds)
            writer.WriteNumber("gracePeriodSeconds"u8, seconds);

        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            writer.WriteStartObject("preconditions"u8);
            if (options.Uid is not null)
                writer.WriteString("uid"u8, options.Uid);

            if (options.ResourceVersion is not null)
                writer.WriteString("resourceVersion"u8, options.ResourceVersion);

            writer.WriteEndObject();
        }

        if (options.DryRun)
        {
            writer.WriteStartArray("dryRun"u8);
            writer.WriteStringValue("All"u8);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenMemory;
    }
}
