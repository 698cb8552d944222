using System.Net;
using System.Runtime.CompilerServices;
using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Client;

public sealed partial class ResourceClient<T>
{
    // A list that expires faster than it can be paged through is asked for in one piece after these tries.
    private const int MaximumRestarts = 3;

    /// <exception cref="KubernetesApiException"><see cref="KubernetesApiException.IsNotFound"/> if there is none.</exception>
    public Task<T> GetAsync(ObjectKey key, CancellationToken cancellationToken = default)
    {
        var request = Request(HttpMethod.Get, "get", PathTo(key)) with { Repeatable = true, Accept = MediaTypes.Object(Type) };
        return _transport.SendAsync(request, utf8 => ObjectCodec.Decode(Type, utf8), cancellationToken);
    }

    /// <summary>The object, or null if there is none.</summary>
    public async Task<T?> TryGetAsync(ObjectKey key, CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Pages of the objects in a namespace, or of all for null. When the server forgets the state that the pages are cut from, the listing
    /// starts over with a page that has <see cref="ResourceList{T}.Restarted"/> set.
    /// </summary>
    public async IAsyncEnumerable<ResourceList<T>> ListAsync(
        string? ns, ListOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= ListOptions.Default;
        string? continueToken = null;
        var restarts = 0;
        var restarted = false;
        do
        {
            ResourceList<T> page;
            try
            {
                page = await ListPageAsync(ns, options, continueToken, cancellationToken).ConfigureAwait(false);
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Gone && continueToken is not null)
            {
                if (++restarts >= MaximumRestarts)
                    options = options with { PageSize = null };

                continueToken = null;
                restarted = true;
                continue;
            }

            yield return restarted ? page with { Restarted = true } : page;
            restarted = false;
            continueToken = page.Metadata.Continue;
        }
        while (restarted || !string.IsNullOrEmpty(continueToken));
    }

    /// <summary>All objects in a namespace, or of the whole cluster for null, as of one resourceVersion.</summary>
    public async Task<ResourceList<T>> ListAllAsync(string? ns, ListOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<T>? items = null;
        ResourceList<T>? last = null;
        await foreach (var page in ListAsync(ns, options, cancellationToken).ConfigureAwait(false))
        {
            if (last is null && string.IsNullOrEmpty(page.Metadata.Continue))
                return page;

            items ??= [];
            if (page.Restarted)
                items.Clear();

            items.AddRange(page.Items);
            last = page;
        }

        return new ResourceList<T>(last!.Metadata, items!);
    }

    private Task<ResourceList<T>> ListPageAsync(string? ns, ListOptions options, string? continueToken, CancellationToken cancellationToken)
    {
        var query = new QueryBuilder();
        query.Add("labelSelector", options.LabelSelector);
        query.Add("fieldSelector", options.FieldSelector);
        query.Add("limit", options.PageSize);
        query.Add("continue", continueToken);
        if (continueToken is null)
        {
            query.Add("resourceVersion", options.ResourceVersion);
            query.Add("resourceVersionMatch", options.ResourceVersionMatch);
        }

        var request = Request(HttpMethod.Get, "list", Type.Path(ns)) with
        {
            Query = query.ToString(),
            Repeatable = true,
            Accept = MediaTypes.List(Type),
        };
        return _transport.SendAsync(request, utf8 => ObjectCodec.DecodeList(Type, utf8), cancellationToken);
    }
}
