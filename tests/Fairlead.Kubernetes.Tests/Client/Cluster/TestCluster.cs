using Fairlead.Dev.Cluster;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Kubernetes.Tests.Client.Cluster;

/// <summary>The cluster that <c>KUBECONFIG</c> names, or the embedded one; and a namespace in it that goes away with the tests.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedCluster? _embedded;

    public KubernetesClient Client { get; private set; } = null!;

    public string Namespace { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var options = new ClusterConfigurationOptions();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")))
        {
            _embedded = await EmbeddedCluster.StartAsync(EmbeddedClusterOptions.Default);
            var path = Path.Combine(_folder.Path, "kubeconfig");
            await _embedded.WriteKubeconfigAsync(path);
            options = options with { Path = path };
        }

        Client = new KubernetesClient(ClusterConfiguration.Load(options), new KubernetesClientOptions { FieldManager = "client-tests" });
        var created = await Client.For(KubernetesResources.Namespaces).CreateAsync(new Namespace { Metadata = new() { GenerateName = "client-tests-" } });
        Namespace = created.Metadata.Name!;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.For(KubernetesResources.Namespaces).TryDeleteAsync(new("", Namespace));
        Client.Dispose();
        if (_embedded is not null)
            await _embedded.DisposeAsync();

        _folder.Dispose();
    }
}
