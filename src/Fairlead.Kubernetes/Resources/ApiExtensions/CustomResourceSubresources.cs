namespace Fairlead.Kubernetes.Resources.ApiExtensions;

public sealed record CustomResourceSubresources : ExtensibleRecord
{
    public CustomResourceSubresourceStatus? Status { get; init; }

    public CustomResourceSubresourceScale? Scale { get; init; }
}
