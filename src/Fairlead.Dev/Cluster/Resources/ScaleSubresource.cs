namespace Fairlead.Dev.Cluster.Resources;

/// <summary>Where <c>/scale</c> finds its values; paths are dotted, as in a CustomResourceDefinition (<c>.spec.replicas</c>).</summary>
public sealed record ScaleSubresource(string SpecReplicasPath, string StatusReplicasPath, string? LabelSelectorPath = null);
