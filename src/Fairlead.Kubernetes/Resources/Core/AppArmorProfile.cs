namespace Fairlead.Kubernetes.Resources.Core;

public sealed record AppArmorProfile : ExtensibleRecord
{
    public string? Type { get; init; }

    public string? LocalhostProfile { get; init; }
}
