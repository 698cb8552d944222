namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>Which part of which log is asked for.</summary>
public sealed record PodLogRequest
{
    public required string Namespace { get; init; }

    public required string Pod { get; init; }

    /// <summary>Null: the Pod's only container.</summary>
    public string? Container { get; init; }

    /// <summary>Whether to go on with what is written from now on.</summary>
    public bool Follow { get; init; }

    /// <summary>The run before the present one.</summary>
    public bool Previous { get; init; }

    /// <summary>Whether each line starts with its time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Lines from the end; null: all.</summary>
    public int? TailLines { get; init; }

    /// <summary>Only lines from then on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Bytes after which the answer ends; null: no limit.</summary>
    public long? LimitBytes { get; init; }
}
