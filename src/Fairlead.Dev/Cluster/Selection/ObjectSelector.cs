using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Selection;

/// <summary>Which objects of a type a list or watch is about.</summary>
/// <param name="Namespace">Null for all namespaces and for cluster-scoped types.</param>
internal sealed record ObjectSelector(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool HasSelector => !Labels.Requirements.IsEmpty || !Fields.Requirements.IsEmpty;

    public bool Matches(StoredObject obj) =>
        (Namespace is null || Namespace == obj.Key.Namespace) && Labels.Matches(obj.Labels) && Fields.Matches(obj);
}
