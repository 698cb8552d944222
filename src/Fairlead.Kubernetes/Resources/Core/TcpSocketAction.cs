namespace Fairlead.Kubernetes.Resources.Core;

public sealed record TcpSocketAction : ExtensibleRecord
{
    public IntOrString? Port { get; init; }

    public string? Host { get; init; }
}
