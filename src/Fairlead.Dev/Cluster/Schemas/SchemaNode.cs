using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>
/// One node of a structural schema. The same tree serves custom and built-in resources: validation, defaulting,
/// pruning, strategic merge, server-side apply and the published OpenAPI documents all read it.
/// </summary>
public sealed record SchemaNode
{
    /// <summary>A value of any type, kept as it is.</summary>
    public static readonly SchemaNode Any = new() { PreserveUnknownFields = true };

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>; null means any type.</summary>
    public string? Type { get; init; }

    /// <summary>OpenAPI format, for example <c>int32</c>, <c>date-time</c>, <c>byte</c>, <c>quantity</c>.</summary>
    public string? Format { get; init; }

    public string? Description { get; init; }

    /// <summary>Declared members of an object.</summary>
    public ImmutableSortedDictionary<string, SchemaNode> Properties { get; init; } = ImmutableSortedDictionary<string, SchemaNode>.Empty;

    public ImmutableArray<string> Required { get; init; } = [];

    /// <summary>Schema of the values of a string-keyed map; null when members must be declared.</summary>
    public SchemaNode? AdditionalProperties { get; init; }

    /// <summary>Schema of an array's elements.</summary>
    public SchemaNode? Items { get; init; }

    public ListType ListType { get; init; }

    /// <summary>Members that identify an element of a <see cref="ListType.Map"/>.</summary>
    public ImmutableArray<string> ListMapKeys { get; init; } = [];

    /// <summary>
    /// Whether elements of a <see cref="ListType.Map"/> may have equal keys all the same, as environment variables may: only
    /// server-side apply, which needs the keys, then refuses them.
    /// </summary>
    public bool AllowsRepeatedKeys { get; init; }

    /// <summary>True when an object is owned and replaced as a whole (<c>x-kubernetes-map-type: atomic</c>).</summary>
    public bool AtomicMap { get; init; }

    /// <summary>Key by which strategic merge patch merges a list; null: the list is replaced.</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>How strategic merge patch treats this member.</summary>
    public PatchStrategy PatchStrategy { get; init; }

    public bool PreserveUnknownFields { get; init; }

    public bool IntOrString { get; init; }

    public bool EmbeddedResource { get; init; }

    public bool Nullable { get; init; }

    /// <summary>
    /// Null and zero values (false, 0, empty text, list or map) are stored as absence, as the typed encoders of built-in resources do.
    /// </summary>
    public bool OmitZero { get; init; }

    /// <summary>The empty text has the format too: built-in resources decode it, where custom ones have it checked.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>Value filled in where the member is absent; never mutated, clone before use.</summary>
    public JsonNode? Default { get; init; }

    public ImmutableArray<JsonNode?> Enum { get; init; } = [];

    public string? Pattern { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public ImmutableArray<SchemaNode> AllOf { get; init; } = [];

    public ImmutableArray<SchemaNode> AnyOf { get; init; } = [];

    public ImmutableArray<SchemaNode> OneOf { get; init; } = [];

    public SchemaNode? Not { get; init; }

    /// <summary>CEL rules (<c>x-kubernetes-validations</c>).</summary>
    public ImmutableArray<ValidationRule> Validations { get; init; } = [];
}
