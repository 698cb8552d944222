namespace Fairlead.Kubernetes.Resources.Core;

public sealed record SeccompProfile : ExtensibleRecord
{
    public string? Type { get; init; }

    public string? LocalhostProfile { get; init; }
}
