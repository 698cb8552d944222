namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ServicePort : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Protocol { get; init; }

    public string? AppProtocol { get; init; }

    public int? Port { get; init; }

    public IntOrString? TargetPort { get; init; }

    public int? NodePort { get; init; }
}
