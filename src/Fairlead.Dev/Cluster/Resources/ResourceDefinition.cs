using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Resources;

/// <summary>One resource type at one version, as the embedded API server serves it.</summary>
public sealed record ResourceDefinition
{
    /// <summary>API group; empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public bool Namespaced { get; init; } = true;

    public ImmutableArray<string> ShortNames { get; init; } = [];

    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Schema of the whole object, <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> included.</summary>
    public required SchemaNode Schema { get; init; }

    /// <summary>Writes to the main resource leave <c>status</c> alone and writes to <c>/status</c> change nothing else.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Writes to <c>/status</c> may change metadata all the same, as API servers let them for older built-in types.</summary>
    public bool StatusTakesMetadata { get; init; }

    public ScaleSubresource? Scale { get; init; }

    /// <summary>Verbs of the main resource; discovery publishes them and others answer 405.</summary>
    public ImmutableArray<string> Verbs { get; init; } =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public ImmutableArray<PrinterColumn> Columns { get; init; } = [];

    /// <summary>Fields that field selectors may name besides <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
    public ImmutableArray<string> SelectableFields { get; init; } = [];

    /// <summary>Rules that a schema cannot express: allocation, defaulting, immutability, cross-field validation.</summary>
    public required IResourceStrategy Strategy { get; init; }

    /// <summary>Kind of a list; null for the kind with <c>List</c> appended.</summary>
    public string? ListKind { get; init; }

    /// <summary>From a CustomResourceDefinition: no strategic merge patch, updates need a resourceVersion.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Whether <c>metadata.generation</c> counts changes outside metadata and status.</summary>
    public bool TracksGeneration { get; init; }

    /// <summary>Updates may leave out <c>metadata.resourceVersion</c>.</summary>
    public bool AllowsUnconditionalUpdate { get; init; } = true;

    /// <summary>PUT of an absent object creates it.</summary>
    public bool AllowsCreateOnUpdate { get; init; }

    /// <summary>A creation may bring its status (Nodes register themselves with one).</summary>
    public bool KeepsStatusOnCreate { get; init; }

    public NameRule NameRule { get; init; } = NameRule.DnsSubdomain;

    /// <summary>
    /// Seconds between the request to delete an object and its removal when the request names none; the object's keeper
    /// ends the wait by deleting it with zero. Null: objects go at once.
    /// </summary>
    public Func<JsonObject, long>? DeletionGracePeriod { get; init; }

    /// <summary>Subresources that accept POST and compute an answer, for example <c>serviceaccounts/token</c>.</summary>
    public ImmutableArray<ActionSubresource> Actions { get; init; } = [];

    /// <summary>Set for resources whose creation computes an answer and stores nothing, for example SubjectAccessReview.</summary>
    public Func<ActionRequest, JsonObject>? Review { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Storage identity: all versions of a resource share it.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
