namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>Any object reduced to its metadata.</summary>
public sealed record PartialObjectMetadata : KubernetesObject;
