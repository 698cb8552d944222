namespace Fairlead.Kubernetes.Informers;

/// <summary>How informers talk to the API server.</summary>
public sealed record InformerOptions
{
    public static InformerOptions Default { get; } = new();

    /// <summary>Objects per page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Asks for the initial state on the watch itself; servers that cannot do it are found out and listed instead.</summary>
    public bool StreamingList { get; init; } = true;

    /// <summary>
    /// A watch on which nothing arrives for this long, not even a bookmark (API servers send one about every minute), is
    /// dead and opened again where it was.
    /// </summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Longest silence before a streaming list is complete; then the informer lists in pages.</summary>
    public TimeSpan StreamingListTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Shortest life that is asked for a watch; the longest is twice that. Spreads the load of many clients.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Delay after the first failure; doubles with each further one.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Longest delay, before jitter of up to the same again.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);
}
