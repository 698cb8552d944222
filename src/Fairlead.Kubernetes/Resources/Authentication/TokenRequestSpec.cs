namespace Fairlead.Kubernetes.Resources.Authentication;

public sealed record TokenRequestSpec : ExtensibleRecord
{
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>At least 600; the server may grant another time.</summary>
    public long? ExpirationSeconds { get; init; }

    public BoundObjectReference? BoundObjectRef { get; init; }
}
