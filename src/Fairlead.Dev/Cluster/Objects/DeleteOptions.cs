using Fairlead.Dev.Cluster.Authorization;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Options of a deletion, from the body or the query.</summary>
internal sealed record DeleteOptions
{
    public UserInfo User { get; init; } = UserInfo.System;

    public long? GracePeriodSeconds { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c>, <c>Orphan</c> or null.</summary>
    public string? PropagationPolicy { get; init; }

    public string? PreconditionUid { get; init; }

    public string? PreconditionResourceVersion { get; init; }

    public bool DryRun { get; init; }
}
