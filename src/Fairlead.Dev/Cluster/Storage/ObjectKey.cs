namespace Fairlead.Dev.Cluster.Storage;

/// <summary>Identity of an object within its type; the namespace of cluster-scoped objects is empty.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    public int CompareTo(ObjectKey other)
    {
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }
}
