namespace Fairlead.Dev.Cluster.Listing;

/// <summary>How a list's <c>resourceVersion</c> is meant.</summary>
internal enum ResourceVersionMatch
{
    Unset,
    NotOlderThan,
    Exact,
}
