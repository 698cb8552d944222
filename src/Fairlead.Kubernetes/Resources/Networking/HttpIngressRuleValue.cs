namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record HttpIngressRuleValue : ExtensibleRecord
{
    public IReadOnlyList<HttpIngressPath>? Paths { get; init; }
}
