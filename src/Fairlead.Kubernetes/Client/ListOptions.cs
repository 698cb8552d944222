namespace Fairlead.Kubernetes.Client;

/// <summary>Which objects to list.</summary>
public sealed record ListOptions
{
    internal static ListOptions Default { get; } = new();

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Objects per request; null asks for all at once.</summary>
    public int? PageSize { get; init; } = 500;

    /// <summary>Null for the most recent state; <c>0</c> for whatever the server has in its cache, without pages.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary><c>NotOlderThan</c> or <c>Exact</c>; needs <see cref="ResourceVersion"/>.</summary>
    public string? ResourceVersionMatch { get; init; }
}
