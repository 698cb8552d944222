namespace Fairlead.Dev.Cluster.Storage;

/// <summary>What happened to one type after a version.</summary>
/// <param name="Expired">The version asked for is no longer in history; <paramref name="Changes"/> is empty.</param>
/// <param name="Version">Version of the store up to which the changes are complete.</param>
/// <param name="Next">Completes when there may be more.</param>
internal sealed record ChangeBatch(bool Expired, StoredChange[] Changes, long Version, Task Next);
