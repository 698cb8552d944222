using System.Net;
using Fairlead.Kubernetes.Informers;

namespace Fairlead.Operator.Configuration;

/// <summary>How the operator's process runs.</summary>
public sealed record ProcessSettings
{
    /// <summary><c>info</c>, <c>debug</c> or <c>dev</c>; anything else means <c>info</c>.</summary>
    public string LogLevel { get; init; } = "info";

    public LogFormat LogFormat { get; init; }

    /// <summary>Metrics and health; null: not served.</summary>
    public IPEndPoint? ListenAddress { get; init; }

    /// <summary>Whether replicas elect one that works; off where there can be only one.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>This replica's name in the election.</summary>
    public required string Identity { get; init; }

    /// <summary>How long a standby waits after the leader's last sign of life; see <c>LeaderElectionOptions</c> for this and the next two.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan LeaseRenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan LeaseRetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How the caches follow the API server.</summary>
    public InformerOptions Informers { get; init; } = InformerOptions.Default;

    /// <summary>Reconciles that each controller runs at the same time.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>Kubeconfig file; null: the usual places, then the cluster the process runs in.</summary>
    public string? Kubeconfig { get; init; }
}
