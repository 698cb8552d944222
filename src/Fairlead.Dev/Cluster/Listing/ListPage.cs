using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Listing;

/// <param name="Version">resourceVersion of the list.</param>
/// <param name="Continue">Token of the next page; null on the last.</param>
/// <param name="Remaining">Objects after this page; null where selectors make the number unknown.</param>
internal sealed record ListPage(long Version, IReadOnlyList<StoredObject> Items, string? Continue, long? Remaining);
