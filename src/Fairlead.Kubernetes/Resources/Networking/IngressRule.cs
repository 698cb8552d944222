namespace Fairlead.Kubernetes.Resources.Networking;

public sealed record IngressRule : ExtensibleRecord
{
    public string? Host { get; init; }

    public HttpIngressRuleValue? Http { get; init; }
}
