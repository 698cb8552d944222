namespace Fairlead.Kubernetes.Resources.Core;

public sealed record HttpHeader : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Value { get; init; }
}
