namespace Fairlead.Kubernetes.Resources.Authorization;

public sealed record NonResourceAttributes : ExtensibleRecord
{
    public string? Path { get; init; }

    public string? Verb { get; init; }
}
