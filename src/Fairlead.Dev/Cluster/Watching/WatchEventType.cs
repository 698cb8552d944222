namespace Fairlead.Dev.Cluster.Watching;

internal enum WatchEventType
{
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}
