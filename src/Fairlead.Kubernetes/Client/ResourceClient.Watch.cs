using System.Runtime.CompilerServices;
using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Client;

public sealed partial class ResourceClient<T>
{
    /// <summary>
    /// Changes in a namespace, or in the whole cluster for null, until the server ends the watch (the enumeration then ends too), refuses it
    /// (<see cref="KubernetesApiException"/>, <see cref="KubernetesApiException.IsGone"/> if it no longer knows the resourceVersion) or the
    /// connection breaks (<see cref="KubernetesConnectionException"/>).
    /// </summary>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string? ns, WatchOptions? options = null, CancellationToken cancellationToken = default) =>
        WatchAsync(ns, options ?? WatchOptions.Default, known: null, cancellationToken);

    /// <param name="known">
    /// The object if the caller has it in exactly this version, as from a write of its own: events of it are not decoded, but bring this
    /// object. Null: decode it.
    /// </param>
    internal async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string? ns, WatchOptions options, Func<ObjectKey, string, T?>? known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new QueryBuilder();
        query.Add("watch", true);
        query.Add("resourceVersion", options.ResourceVersion);
        query.Add("labelSelector", options.LabelSelector);
        query.Add("fieldSelector", options.FieldSelector);
        query.Add("allowWatchBookmarks", options.AllowBookmarks);
        query.Add("timeoutSeconds", options.TimeoutSeconds);
        if (options.SendInitialEvents)
        {
            query.Add("sendInitialEvents", true);
            query.Add("resourceVersionMatch", "NotOlderThan");
        }

        var request = Request(HttpMethod.Get, "watch", Type.Path(ns)) with
        {
            Query = query.ToString(),
            Repeatable = true,
            Accept = MediaTypes.Object(Type),
        };
        using var response = await _transport.OpenAsync(request, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = new WatchReader<T>(Type, stream, _transport.Server, request.Path, known);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } change)
                    yield return change;
            }
        }
    }
}
