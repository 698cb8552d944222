namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>Type and name of an object; the namespace is empty for cluster-wide ones.</summary>
internal readonly record struct ObjectId(string Group, string Plural, string Namespace, string Name)
{
    public string? NamespaceOrNull => Namespace.Length == 0 ? null : Namespace;

    public override string ToString() => Namespace.Length == 0 ? $"{Plural} {Name}" : $"{Plural} {Namespace}/{Name}";
}
