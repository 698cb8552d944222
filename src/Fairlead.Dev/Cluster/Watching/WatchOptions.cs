using Fairlead.Dev.Cluster.Selection;

namespace Fairlead.Dev.Cluster.Watching;

/// <summary>What a watch asks for.</summary>
internal sealed record WatchOptions
{
    public required ObjectSelector Selector { get; init; }

    /// <summary>Null or 0: first the present objects as added, then changes. Otherwise changes after this version.</summary>
    public long? ResourceVersion { get; init; }

    public bool AllowBookmarks { get; init; }

    /// <summary>Present objects first, then a bookmark that says they are complete.</summary>
    public bool SendInitialEvents { get; init; }

    /// <summary>When the watch ends by itself.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;
}
