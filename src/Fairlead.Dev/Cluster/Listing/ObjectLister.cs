using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Listing;

/// <summary>Lists objects, whole or page by page, at the version that the request allows.</summary>
internal sealed class ObjectLister(ObjectStore store)
{
    private const string ListExpired = "The resourceVersion for the provided list is too old.";

    private const string ContinueExpired =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue " +
        "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided " +
        "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was " +
        "returned and now may show up in the list.";

    public ListPage List(ResourceDefinition definition, ListOptions options)
    {
        var token = options.Continue is null ? null : ContinueToken.Decode(options.Continue);
        var snapshot = token is null ? First(definition, options) : Next(definition, token);

        // Answers that any version satisfies come from memory in one piece on a real server too.
        var limit = options is { ResourceVersion: 0, Match: not ResourceVersionMatch.Exact } ? 0 : options.Limit;
        return Page(snapshot, options, limit, token?.Last);
    }

    private StoreSnapshot First(ResourceDefinition definition, ListOptions options)
    {
        if (options.ResourceVersion is not > 0)
            return store.Snapshot(definition);
        var version = options.ResourceVersion.Value;
        var current = store.Snapshot(definition);
        if (version > current.Version)
            throw ApiErrors.VersionTooLarge(version, current.Version);
        var exact = options.Match == ResourceVersionMatch.Exact
            || (options.Match == ResourceVersionMatch.Unset && options.Limit > 0);
        return exact ? store.SnapshotAt(definition, version) ?? throw ApiErrors.Expired(ListExpired) : current;
    }

    private StoreSnapshot Next(ResourceDefinition definition, ContinueToken token)
    {
        if (token.Version == ContinueToken.Newest)
            return store.Snapshot(definition);
        return store.SnapshotAt(definition, token.Version) ?? throw new ApiStatusException(410, "Expired", ContinueExpired)
        {
            Continue = (token with { Version = ContinueToken.Newest }).Encode(),
        };
    }

    private static ListPage Page(StoreSnapshot snapshot, ListOptions options, int limit, ObjectKey? after)
    {
        var selector = options.Selector;
        var items = new List<StoredObject>();
        var remaining = 0L;
        foreach (var (key, obj) in snapshot.Objects)
        {
            if ((after is { } last && key.CompareTo(last) <= 0) || !selector.Matches(obj))
                continue;
            if (limit == 0 || items.Count < limit)
                items.Add(obj);
            else
                remaining++;
        }

        return remaining == 0
            ? new ListPage(snapshot.Version, items, null, null)
            : new ListPage(
                snapshot.Version, items, new ContinueToken(snapshot.Version, items[^1].Key).Encode(), selector.HasSelector ? null : remaining);
    }
}
