namespace Fairlead.Kubernetes.Configuration;

/// <summary>Whom to act as; the server must allow the real identity to do so.</summary>
public sealed record Impersonation
{
    public required string User { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Values by key, for example of <c>example.com/scopes</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
