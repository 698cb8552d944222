namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceDefinitionStatus : ExtensibleRecord
{
    public IReadOnlyList<CustomResourceDefinitionCondition>? Conditions { get; init; }

    public CustomResourceDefinitionNames? AcceptedNames { get; init; }

    public IReadOnlyList<string>? StoredVersions { get; init; }
}
