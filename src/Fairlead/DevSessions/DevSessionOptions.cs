namespace Fairlead.DevSessions;

/// <summary>What the caller of <c>fairlead dev</c> chose.</summary>
internal sealed record DevSessionOptions
{
    public const string DefaultDirectory = ".fairlead";

    /// <summary>Where the kubeconfig, Pods and the laptop's socket go; created if needed, for this session alone.</summary>
    public required string Directory { get; init; }

    /// <summary>Manifests to apply; empty: the examples.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Ends as soon as everything the manifests ask for exists and answers.</summary>
    public bool Once { get; init; }

    /// <summary>How long that may take.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>Port of the Kubernetes API; 0: a free one.</summary>
    public int ApiPort { get; init; }

    /// <summary>Port of the control plane; 0: a free one.</summary>
    public int TailnetPort { get; init; }

    /// <summary>Whether the operator's log goes to standard error.</summary>
    public bool Verbose { get; init; }
}
