namespace Fairlead.Kubernetes.Configuration;

/// <summary>Whom to act as; the server must allow the real identity to do so.</summary>
/// <remarks>
/// One group, and one value per extra key: the API server reads each from a header line of its own, and the HTTP stack of .NET joins lines of
/// the same name with commas.
/// </remarks>
public sealed record Impersonation
{
    public required string User { get; init; }

    public string? Uid { get; init; }

    public string? Group { get; init; }

    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();
}
