using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Proxies;

/// <summary>The object a standalone proxy exists for.</summary>
/// <param name="Type"><c>svc</c>, <c>ingress</c> or <c>connector</c>.</param>
/// <param name="Namespace">Empty for cluster-scoped parents.</param>
public sealed record ProxyParent(string Type, string Namespace, string Name)
{
    public const string ServiceType = "svc";
    public const string IngressType = "ingress";
    public const string ConnectorType = "connector";

    public static ProxyParent Of(string type, IKubernetesObject parent) => new(type, parent.Metadata.Namespace ?? "", parent.Metadata.Name ?? "");

    /// <summary>One text for indexes.</summary>
    public string IndexKey => $"{Type}/{Namespace}/{Name}";
}
