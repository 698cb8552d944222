namespace Fairlead.Dev.Cluster.Storage;

internal enum ChangeType
{
    Added,
    Modified,
    Deleted,
}
