namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>One entry of <c>status.conditions</c> (meta/v1).</summary>
public sealed record Condition
{
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    public long? ObservedGeneration { get; init; }

    /// <summary>Whole seconds; moves only when <see cref="Status"/> changes.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    public required string Reason { get; init; }

    public required string Message { get; init; }
}
