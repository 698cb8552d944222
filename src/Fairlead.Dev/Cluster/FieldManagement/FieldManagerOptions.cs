using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>Who writes, through which door, and when.</summary>
public sealed record FieldManagerOptions
{
    /// <summary>Name of the field manager (<c>fieldManager</c> of the request, or derived from its user agent).</summary>
    public required string Manager { get; init; }

    /// <summary>API version of the request's object.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Subresource written to; empty for the main resource.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Time of the request; recorded in seconds.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Takes conflicting fields over instead of failing.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Dotted paths this door does not write (<c>status</c> for the main resource that has a status subresource): neither set
    /// nor owned by the request.
    /// </summary>
    public ImmutableArray<string> ResetFields { get; init; } = [];
}
