namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Topology of a list (<c>x-kubernetes-list-type</c>).</summary>
public enum ListType
{
    Atomic,
    Set,
    Map,
}
