using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Admission;

/// <summary>A write that is about to be stored: validated, not yet committed.</summary>
public sealed record AdmissionRequest
{
    public required ResourceDefinition Definition { get; init; }

    /// <summary><c>CREATE</c>, <c>UPDATE</c> or <c>DELETE</c>.</summary>
    public required string Operation { get; init; }

    public string? Subresource { get; init; }

    /// <summary>The object as it would be stored; null on deletion. Admission does not change it.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The object as it is stored; null on creation.</summary>
    public JsonObject? OldObject { get; init; }

    public required UserInfo User { get; init; }

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public bool DryRun { get; init; }
}
