namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceSubresourceScale : ExtensibleRecord
{
    public string? SpecReplicasPath { get; init; }

    public string? StatusReplicasPath { get; init; }

    public string? LabelSelectorPath { get; init; }
}
