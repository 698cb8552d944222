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

    /// <summary>Texts for <c>Warning</c> headers; the writer adds to it.</summary>
    public List<string> Warnings { get; init; } = [];
}
