using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>An authenticated identity.</summary>
public sealed record UserInfo(string Name, ImmutableArray<string> Groups)
{
    /// <summary>The identity of the server's own controllers; bypasses authorization.</summary>
    public static readonly UserInfo System = new("system:apiserver", ["system:masters", "system:authenticated"]);

    public string? Uid { get; init; }

    public ImmutableSortedDictionary<string, ImmutableArray<string>> Extra { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;
}
