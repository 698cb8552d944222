namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceDefinitionSpec : ExtensibleRecord
{
    public string? Group { get; init; }

    public CustomResourceDefinitionNames? Names { get; init; }

    /// <summary><c>Namespaced</c> or <c>Cluster</c>.</summary>
    public string? Scope { get; init; }

    public IReadOnlyList<CustomResourceDefinitionVersion>? Versions { get; init; }

    public CustomResourceConversion? Conversion { get; init; }

    public bool? PreserveUnknownFields { get; init; }
}
