namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>What <c>/version</c> tells.</summary>
public sealed record ServerVersion : ExtensibleRecord
{
    public string? Major { get; init; }

    public string? Minor { get; init; }

    public string? GitVersion { get; init; }

    public string? GitCommit { get; init; }

    public string? Platform { get; init; }

    public string? GoVersion { get; init; }
}
