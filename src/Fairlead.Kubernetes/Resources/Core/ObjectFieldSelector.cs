namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ObjectFieldSelector : ExtensibleRecord
{
    public string? ApiVersion { get; init; }

    public string? FieldPath { get; init; }
}
