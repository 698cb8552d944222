using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources;

/// <summary>Objects as of one moment: a page of them, or all.</summary>
public sealed record ResourceList<T>(ListMeta Metadata, IReadOnlyList<T> Items)
    where T : class, IKubernetesObject
{
    /// <summary>Where a watch that wants everything after this list starts.</summary>
    public string ResourceVersion => Metadata.ResourceVersion ?? "";

    /// <summary>This page is the first of a new listing: forget the pages before it.</summary>
    public bool Restarted { get; init; }
}
