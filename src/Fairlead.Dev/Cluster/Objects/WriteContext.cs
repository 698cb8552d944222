using Fairlead.Dev.Cluster.Authorization;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Who writes, and how.</summary>
internal sealed record WriteContext
{
    public required UserInfo User { get; init; }

    /// <summary>Name under which managed fields are recorded.</summary>
    public required string FieldManager { get; init; }

    public bool DryRun { get; init; }

    public FieldValidation FieldValidation { get; init; } = FieldValidation.Warn;

    /// <summary>Server-side apply takes over fields that others manage.</summary>
    public bool Force { get; init; }

    /// <summary>The object carries its managed fields already: it is the result of a server-side apply.</summary>
    public bool IsApply { get; init; }

    /// <summary>Paths of members that the body has twice.</summary>
    public List<string> Duplicates { get; init; } = [];

    /// <summary>Texts for <c>Warning</c> headers; the writer adds to it.</summary>
    public List<string> Warnings { get; init; } = [];
}
