namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Strategic-merge behaviour of a member (<c>x-kubernetes-patch-strategy</c>).</summary>
[Flags]
public enum PatchStrategy
{
    Replace = 0,
    Merge = 1,
    RetainKeys = 2,
}
