namespace Fairlead.Kubernetes.Resources.Core;

public sealed record SeLinuxOptions : ExtensibleRecord
{
    public string? User { get; init; }

    public string? Role { get; init; }

    public string? Type { get; init; }

    public string? Level { get; init; }
}
