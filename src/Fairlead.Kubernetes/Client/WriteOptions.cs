namespace Fairlead.Kubernetes.Client;

/// <summary>How to create, update or patch.</summary>
public record WriteOptions
{
    internal static WriteOptions Default { get; } = new();

    /// <summary>Writes <c>status</c> or another subresource instead of the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>Name under which the server records who set the fields; null takes that of the client's options.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Runs admission and validation, stores nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary><c>Strict</c>, <c>Warn</c> or <c>Ignore</c> for unknown and duplicate fields; null leaves it to the server (warn).</summary>
    public string? FieldValidation { get; init; }
}
