using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Watching;

/// <summary>One event of a watch.</summary>
/// <param name="Object">The object; null for bookmarks and errors.</param>
/// <param name="Version">Version up to which the watcher now knows everything.</param>
/// <param name="EndsInitialEvents">A bookmark that says that all present objects were told.</param>
internal readonly record struct WatchEvent(WatchEventType Type, StoredObject? Object, long Version, bool EndsInitialEvents = false);
