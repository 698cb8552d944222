namespace Fairlead.Kubernetes.Resources.Meta;

public sealed record StatusDetails : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<StatusCause>? Causes { get; init; }

    public int? RetryAfterSeconds { get; init; }
}
