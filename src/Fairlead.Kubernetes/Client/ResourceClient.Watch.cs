using System.Runtime.CompilerServices;
using Fairlead.Kubernetes.Client.Transport;

namespace Fairlead.Kubernetes.Client;

public sealed partial class ResourceClient<T>
{
    /// <summary>
    /// Changes in a namespace, or in the whole cluster for null, until the server ends the watch (the enumeration then ends too), refuses it
    /// (<see cref="KubernetesApiException"/>, <see cref="KubernetesApiException.IsGone"/> if it no longer knows the resourceVersion) or the
    /// connection breaks (<see cref="KubernetesConnectionException"/>).
    /// </summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync(
        string? ns, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= WatchOptions.Default;
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
            var reader = new WatchReader<T>(Type, stream, _transport.Server, request.Path);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } change)
                    yield return change;
            }
        }
    }
}
