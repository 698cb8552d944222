using System.Collections.Frozen;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>
/// What Kubernetes' own API says about those of its types that custom resources embed, beyond the types of their fields. Our
/// records of them do not carry it, because the API server checks those objects itself.
/// </summary>
/// <param name="Required">Wire names of the fields that must be there.</param>
internal sealed record EmbeddedType(params string[] Required)
{
    private static readonly EmbeddedType Plain = new();

    private static readonly FrozenDictionary<Type, EmbeddedType> Known = new Dictionary<Type, EmbeddedType>
    {
        [typeof(AppArmorProfile)] = new("type"),
        [typeof(LabelSelector)] = new() { Atomic = true },
        [typeof(LabelSelectorRequirement)] = new("key", "operator"),
        [typeof(LocalObjectReference)] = new() { Atomic = true, EmptyByDefault = "name" },
        [typeof(NodeSelector)] = new("nodeSelectorTerms") { Atomic = true },
        [typeof(NodeSelectorRequirement)] = new("key", "operator"),
        [typeof(NodeSelectorTerm)] = new() { Atomic = true },
        [typeof(PodAffinityTerm)] = new("topologyKey"),
        [typeof(PreferredSchedulingTerm)] = new("preference", "weight"),
        [typeof(ResourceClaim)] = new("name"),
        [typeof(ResourceRequirements)] = new() { ListMap = "claims" },
        [typeof(SeccompProfile)] = new("type"),
        [typeof(Sysctl)] = new("name", "value"),
        [typeof(TopologySpreadConstraint)] = new("maxSkew", "topologyKey", "whenUnsatisfiable"),
        [typeof(WeightedPodAffinityTerm)] = new("podAffinityTerm", "weight"),
    }.ToFrozenDictionary();

    /// <summary>Whether server-side apply treats the object as one value.</summary>
    public bool Atomic { get; init; }

    /// <summary>Wire name of the list whose elements are told apart by <c>name</c>; all other lists are atomic.</summary>
    public string? ListMap { get; init; }

    /// <summary>Wire name of the field whose default is the empty text.</summary>
    public string? EmptyByDefault { get; init; }

    /// <summary>Null for the project's own types, which say these things by attributes.</summary>
    public static EmbeddedType? Of(Type type) =>
        Known.TryGetValue(type, out var known) ? known
        : type.Assembly == typeof(LabelSelector).Assembly ? Plain
        : null;
}
