namespace Fairlead.Kubernetes.Resources.Core;

public sealed record KeyToPath : ExtensibleRecord
{
    public string? Key { get; init; }

    public string? Path { get; init; }

    public int? Mode { get; init; }
}
