namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record SelectableField : ExtensibleRecord
{
    public string? JsonPath { get; init; }
}
