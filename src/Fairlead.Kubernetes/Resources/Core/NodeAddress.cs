namespace Fairlead.Kubernetes.Resources.Core;

public sealed record NodeAddress : ExtensibleRecord
{
    /// <summary><c>InternalIP</c>, <c>ExternalIP</c>, <c>Hostname</c>, <c>InternalDNS</c> or <c>ExternalDNS</c>.</summary>
    public string? Type { get; init; }

    public string? Address { get; init; }
}
