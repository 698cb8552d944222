namespace Fairlead.Kubernetes.Resources.ApiExtensions;

/// <summary>Adds a type of object to the API.</summary>
public sealed record CustomResourceDefinition : KubernetesObject
{
    public CustomResourceDefinitionSpec? Spec { get; init; }

    public CustomResourceDefinitionStatus? Status { get; init; }
}
