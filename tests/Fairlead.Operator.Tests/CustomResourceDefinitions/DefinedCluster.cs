using Fairlead.Dev.Cluster;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Tests.CustomResourceDefinitions;

/// <summary>The cluster that <c>KUBECONFIG</c> names, or the embedded one, with the project's definitions installed.</summary>
public sealed class DefinedCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _kubeconfig = Path.GetTempFileName();
    private EmbeddedCluster? _embedded;

    public KubernetesClient Client { get; private set; } = null!;

    public ClusterConfiguration Configuration { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new ClusterConfigurationOptions();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")))
        {
            _embedded = await EmbeddedCluster.StartAsync(EmbeddedClusterOptions.Default);
            await _embedded.WriteKubeconfigAsync(_kubeconfig);
            options = options with { Path = _kubeconfig };
        }

        Configuration = ClusterConfiguration.Load(options);
        Client = new KubernetesClient(Configuration, new KubernetesClientOptions { FieldManager = "definition-tests" });
        using var limit = new CancellationTokenSource(Patience);
        foreach (var definition in TailscaleDefinitions.All)
        {
            await Client.For(KubernetesResources.CustomResourceDefinitions).ApplyAsync(definition, new ApplyOptions { Force = true }, limit.Token);
            await EstablishedAsync(definition.Metadata.Name!, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }

        File.Delete(_kubeconfig);
    }

    private async Task EstablishedAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await Client.For(KubernetesResources.CustomResourceDefinitions).GetAsync(new ObjectKey("", name), cancellationToken);
            if (found.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) == true)
            {
                return;
            }

            await Task.Yield();
        }
    }
}
