namespace Fairlead.Kubernetes.Informers;

/// <summary>Which objects of a type an informer holds.</summary>
/// <param name="Namespace">Null: all namespaces.</param>
/// <param name="LabelSelector">As in <c>kubectl -l</c>; null: no restriction.</param>
/// <param name="FieldSelector">As in <c>kubectl --field-selector</c>; null: no restriction.</param>
public sealed record InformerScope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null)
{
    public static InformerScope All { get; } = new();

    public static InformerScope In(string ns) => new(ns);

    /// <summary>One object by name.</summary>
    public static InformerScope Named(string name, string? ns = null) => new(ns, null, $"metadata.name={name}");

    public override string ToString()
    {
        var text = Namespace is null ? "all namespaces" : $"namespace {Namespace}";
        text = LabelSelector is null ? text : $"{text}, labels {LabelSelector}";
        return FieldSelector is null ? text : $"{text}, fields {FieldSelector}";
    }
}
