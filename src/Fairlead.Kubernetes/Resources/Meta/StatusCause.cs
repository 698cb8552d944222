namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>One reason why a request was refused, usually a field.</summary>
public sealed record StatusCause : ExtensibleRecord
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Field { get; init; }
}
