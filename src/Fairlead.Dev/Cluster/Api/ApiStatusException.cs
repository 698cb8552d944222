using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Api;

/// <summary>A request that ends in a Kubernetes <c>Status</c> of kind Failure.</summary>
public sealed class ApiStatusException(int code, string reason, string message) : Exception(message)
{
    /// <summary>HTTP status code.</summary>
    public int Code { get; } = code;

    /// <summary><c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Invalid</c>, <c>Forbidden</c>, <c>Expired</c> …</summary>
    public string Reason { get; } = reason;

    /// <summary>Group of the object the failure is about; null when it is about none.</summary>
    public string? Group { get; init; }

    /// <summary>Kind or resource name shown in <c>details.kind</c>.</summary>
    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public ImmutableArray<FieldError> Causes { get; init; } = [];

    /// <summary>Causes besides <see cref="Causes"/>.</summary>
    public ImmutableArray<StatusCause> OtherCauses { get; init; } = [];

    /// <summary>Token with which an expired list can go on, inconsistently.</summary>
    public string? Continue { get; init; }

    public int? RetryAfterSeconds { get; init; }
}
