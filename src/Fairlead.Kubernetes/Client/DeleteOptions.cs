namespace Fairlead.Kubernetes.Client;

/// <summary>How to delete, and on which conditions.</summary>
public sealed record DeleteOptions
{
    internal static DeleteOptions Default { get; } = new();

    /// <summary>Null leaves it to the type (background for all current ones).</summary>
    public DeletePropagation? Propagation { get; init; }

    /// <summary>Only this very object, not a later one of the same name; otherwise the call is a conflict.</summary>
    public string? Uid { get; init; }

    /// <summary>Only in this version; otherwise the call is a conflict.</summary>
    public string? ResourceVersion { get; init; }

    public long? GracePeriodSeconds { get; init; }

    public bool DryRun { get; init; }
}
