namespace Fairlead.Operator.Proxies;

/// <summary>The object a standalone proxy exists for.</summary>
/// <param name="Type"><c>svc</c>, <c>ingress</c> or <c>connector</c>.</param>
/// <param name="Namespace">Empty for cluster-scoped parents.</param>
public sealed record ProxyParent(string Type, string Namespace, string Name)
{
    public const string ServiceType = "svc";

    /// <summary>One text for indexes.</summary>
    public string IndexKey => $"{Type}/{Namespace}/{Name}";
}
