using Fairlead.Bench.Processes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;

namespace Fairlead.Bench.Clusters;

/// <summary>The cluster an operator is measured on.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    /// <summary>User agent of this program's requests, which are not the operator's.</summary>
    public const string UserAgent = "fairlead-bench";

    private readonly ProcessGroup? _process;

    private BenchCluster(string description, string kubeconfig, string? auditLog, ProcessGroup? process)
    {
        Description = description;
        Kubeconfig = kubeconfig;
        AuditLog = auditLog;
        _process = process;
        Client = new KubernetesClient(
            ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = kubeconfig }),
            new KubernetesClientOptions { UserAgent = UserAgent, FieldManager = UserAgent, RequestTimeout = TimeSpan.FromMinutes(5) });
    }

    public string Description { get; }

    public string Kubeconfig { get; }

    /// <summary>Audit log of the API server; null: out of reach.</summary>
    public string? AuditLog { get; }

    public KubernetesClient Client { get; }

    public static BenchCluster Given(string kubeconfig, string? auditLog) =>
        new("the cluster of KUBECONFIG", Path.GetFullPath(kubeconfig), auditLog is null ? null : Path.GetFullPath(auditLog), process: null);

    /// <summary>The embedded API in a process of its own.</summary>
    /// <param name="directory">For its files.</param>
    public static async Task<BenchCluster> StartEmbeddedAsync(string program, string directory, CancellationToken cancellationToken)
    {
        var kubeconfig = Path.Combine(directory, "kubeconfig");
        var audit = Path.Combine(directory, "audit.log");
        var process = ProcessGroup.Start(
            "the embedded cluster",
            $"exec '{program}' dev cluster --kubeconfig '{kubeconfig}' --audit-log '{audit}' --output json",
            new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = directory },
            Path.Combine(directory, "cluster.log"));
        try
        {
            // It says where it is once everything is in place.
            await Waiting.ForAsync(
                "start of the embedded cluster", process, TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1),
                () => Task.FromResult(process.Output.Contains("\"kubernetesApi\"", StringComparison.Ordinal)), cancellationToken).ConfigureAwait(false);
            return new BenchCluster("the embedded API, in a process of its own", kubeconfig, audit, process);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync().ConfigureAwait(false);
        }
    }
}
