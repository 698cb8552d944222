namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>The resources of one group and version.</summary>
public sealed record ApiResourceList : ExtensibleRecord
{
    public string? GroupVersion { get; init; }

    public IReadOnlyList<ApiResource>? Resources { get; init; }
}
