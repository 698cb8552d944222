namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceColumnDefinition : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Type { get; init; }

    public string? Format { get; init; }

    public string? Description { get; init; }

    public int? Priority { get; init; }

    public string? JsonPath { get; init; }
}
