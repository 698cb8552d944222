namespace Fairlead.Kubernetes.Client;

/// <summary>What a watch reports.</summary>
public enum WatchEventType
{
    Added,

    Modified,

    /// <summary>The object carries its last state and the version of its deletion.</summary>
    Deleted,

    /// <summary>Nothing changed up to a version; there is no object.</summary>
    Bookmark,
}
