namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary><c>metadata</c> of a list.</summary>
public sealed record ListMeta : ExtensibleRecord
{
    internal static ListMeta Empty { get; } = new();

    /// <summary>Where a watch that wants everything after this list starts.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Hands out the next page; absent or empty on the last one.</summary>
    public string? Continue { get; init; }

    public long? RemainingItemCount { get; init; }
}
