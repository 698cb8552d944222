namespace Fairlead.Kubernetes.Client;

/// <summary>How to apply on the server's side.</summary>
public sealed record ApplyOptions : WriteOptions
{
    internal static new ApplyOptions Default { get; } = new();

    /// <summary>Takes over fields that another manager has set to other values; without it that is a conflict.</summary>
    public bool Force { get; init; }
}
