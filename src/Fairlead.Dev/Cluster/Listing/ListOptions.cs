using Fairlead.Dev.Cluster.Selection;

namespace Fairlead.Dev.Cluster.Listing;

/// <summary>What a list asks for.</summary>
internal sealed record ListOptions
{
    public required ObjectSelector Selector { get; init; }

    /// <summary>Most objects on a page; 0: all.</summary>
    public int Limit { get; init; }

    public string? Continue { get; init; }

    /// <summary>Null when the request names none: the newest state.</summary>
    public long? ResourceVersion { get; init; }

    public ResourceVersionMatch Match { get; init; }
}
