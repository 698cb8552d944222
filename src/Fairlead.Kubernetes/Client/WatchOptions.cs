namespace Fairlead.Kubernetes.Client;

/// <summary>Which changes to watch, and since when.</summary>
public sealed record WatchOptions
{
    internal static WatchOptions Default { get; } = new();

    /// <summary>Everything after this is reported; null starts with the objects that exist now as additions.</summary>
    public string? ResourceVersion { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    public bool AllowBookmarks { get; init; } = true;

    /// <summary>
    /// Asks for a streaming list: the present objects as additions, then a bookmark with <see cref="WatchEvent{T}.InitialEventsEnd"/>, then
    /// changes. A server without the feature answers with a <see cref="KubernetesApiException"/> that is invalid or a bad request.
    /// </summary>
    public bool SendInitialEvents { get; init; }

    /// <summary>After how many seconds the server ends the watch; null leaves it to the server (30 to 60 minutes).</summary>
    public int? TimeoutSeconds { get; init; }
}
