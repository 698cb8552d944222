using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Client;

public sealed partial class ResourceClient<T>
{
    /// <summary>Creates the object, or with <see cref="WriteOptions.Subresource"/> posts it to that subresource.</summary>
    /// <returns>The object as stored, with its name if only <c>generateName</c> was given.</returns>
    public Task<T> CreateAsync(T value, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        options ??= WriteOptions.Default;
        RequireNamespace(value);
        var path = options.Subresource is null ? Type.Path(value.Metadata.Namespace) : PathTo(KeyOf(value), options.Subresource);
        return SendAsync(HttpMethod.Post, "create", path, options, ApiRequest.Json, ObjectCodec.Encode(Type, value), false, cancellationToken);
    }

    /// <summary>Replaces the object; if it carries a resourceVersion, only that version of it (otherwise a conflict).</summary>
    public Task<T> UpdateAsync(T value, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        options ??= WriteOptions.Default;
        var path = PathTo(KeyOf(value), options.Subresource);
        return SendAsync(HttpMethod.Put, "update", path, options, ApiRequest.Json, ObjectCodec.Encode(Type, value), false, cancellationToken);
    }

    /// <summary>
    /// Server-side apply: the object ends up with these fields, owned by the field manager; fields this manager applied before and now leaves
    /// out are removed. Creates the object if there is none.
    /// </summary>
    public Task<T> ApplyAsync(T value, ApplyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        options ??= ApplyOptions.Default;
        if ((options.FieldManager ?? _transport.Options.FieldManager) is null)
            throw new ArgumentException("Applying needs a field manager, in these options or in those of the client.", nameof(options));

        var path = PathTo(KeyOf(value), options.Subresource);
        var body = SurrogatePairs.Unescape(ObjectCodec.Encode(Type, value));
        return SendAsync(HttpMethod.Patch, "apply", path, options, "application/apply-patch+yaml", body, true, cancellationToken);
    }

    public Task<T> PatchAsync(ObjectKey key, Patch patch, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= WriteOptions.Default;
        var path = PathTo(key, options.Subresource);
        return SendAsync(HttpMethod.Patch, "patch", path, options, patch.MediaType, patch.Body, patch.Repeatable, cancellationToken);
    }

    private Task<T> SendAsync(
        HttpMethod method,
        string verb,
        string path,
        WriteOptions options,
        string contentType,
        ReadOnlyMemory<byte> body,
        bool repeatable,
        CancellationToken cancellationToken)
    {
        var query = new QueryBuilder();
        query.Add("fieldManager", options.FieldManager ?? _transport.Options.FieldManager);
        query.Add("dryRun", options.DryRun ? "All" : null);
        query.Add("fieldValidation", options.FieldValidation);
        query.Add("force", options is ApplyOptions { Force: true });
        var request = Request(method, verb, path, options.Subresource) with
        {
            Query = query.ToString(),
            Body = body,
            ContentType = contentType,
            Repeatable = repeatable,
        };
        return _transport.SendAsync(request, utf8 => ObjectCodec.Decode(Type, utf8), cancellationToken);
    }

    private static ObjectKey KeyOf(T value) => new(value.Metadata.Namespace ?? "", value.Metadata.Name ?? "");

    private void RequireNamespace(T value)
    {
        if (Type.Namespaced && string.IsNullOrEmpty(value.Metadata.Namespace))
            throw new ArgumentException($"{Type.Kind} '{value.Metadata.Name}' needs metadata.namespace.", nameof(value));
    }
}
