namespace Fairlead.Kubernetes.Resources.Core;

public sealed record EmptyDirVolumeSource : ExtensibleRecord
{
    public string? Medium { get; init; }

    public Quantity? SizeLimit { get; init; }
}
