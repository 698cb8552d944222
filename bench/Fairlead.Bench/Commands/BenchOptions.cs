namespace Fairlead.Bench.Commands;

/// <summary>What to measure, and with what.</summary>
internal sealed record BenchOptions
{
    /// <summary>The <c>fairlead</c> executable: the operator under test, and the embedded cluster.</summary>
    public required string Program { get; init; }

    /// <summary>Directory for the JSON report.</summary>
    public required string Results { get; init; }

    /// <summary>Services of the scale run.</summary>
    public int Count { get; init; } = 1000;

    /// <summary>Objects of each kind in the memory measurement.</summary>
    public int Objects { get; init; } = 10_000;

    /// <summary>How long the operator is watched while nothing changes.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for any one phase.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Kubeconfig of a real cluster; null: an embedded one.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Audit log of the real cluster's API server.</summary>
    public string? AuditLog { get; init; }

    /// <summary>Command of another operator to compare with.</summary>
    public string? Baseline { get; init; }

    public bool Scale { get; init; } = true;

    public bool Memory { get; init; } = true;
}
