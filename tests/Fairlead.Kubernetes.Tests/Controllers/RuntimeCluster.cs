using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Tests.Controllers;

/// <summary>The cluster that <c>KUBECONFIG</c> names, or an embedded one, with two namespaces that go away with the test.</summary>
internal sealed class RuntimeCluster : IAsyncDisposable
{
    /// <summary>On the test's own ConfigMaps, since every namespace of a cluster has some by itself.</summary>
    private const string Mark = "runtime-tests";

    private readonly List<KubernetesClient> _clients = [];
    private readonly ClusterConfiguration _configuration;
    private readonly EmbeddedCluster? _embedded;

    private RuntimeCluster(ClusterConfiguration configuration, EmbeddedCluster? embedded)
    {
        _configuration = configuration;
        _embedded = embedded;
        Client = Connect();
    }

    public KubernetesClient Client { get; }

    public ResourceClient<ConfigMap> ConfigMaps => Client.For(KubernetesResources.ConfigMaps);

    /// <summary>Where users' objects are.</summary>
    public string Web { get; private set; } = "";

    /// <summary>Where what is under test keeps its own.</summary>
    public string System { get; private set; } = "";

    /// <summary>The ConfigMaps that <see cref="ConfigMap"/> makes.</summary>
    public InformerScope Scope => new(Web, $"{Mark}=true");

    /// <param name="controllers">Whether an embedded cluster has Kubernetes' own controllers, as a real one always does.</param>
    public static async Task<RuntimeCluster> StartAsync(bool controllers = true)
    {
        var cluster = await FindAsync(controllers);
        cluster.Web = await cluster.CreateNamespaceAsync("runtime-web-");
        cluster.System = await cluster.CreateNamespaceAsync("runtime-system-");
        return cluster;
    }

    public ConfigMap ConfigMap(string name, params (string Key, string Value)[] labels) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new ObjectMeta { Namespace = Web, Name = name, Labels = labels.Append((Key: Mark, Value: "true")).ToDictionary() },
    };

    /// <summary>One more client, for example one that a test cuts off.</summary>
    public KubernetesClient Connect(ICredentialSource? credentials = null)
    {
        var client = new KubernetesClient(_configuration with { Credentials = credentials ?? _configuration.Credentials });
        _clients.Add(client);
        return client;
    }

    public SwitchableCredentials Credentials() => new(_configuration.Credentials);

    /// <summary>Makes requests fail, and counts them. A real server cannot be told to, so that the test is skipped there.</summary>
    public FaultInjector Faults
    {
        get
        {
            Assert.SkipWhen(_embedded is null, "Needs the faults of the embedded API server; KUBECONFIG names a real one.");
            return _embedded.Faults;
        }
    }

    /// <summary>Forgets history where the server can be told to; a real one forgets when it likes.</summary>
    public void CompactHistory() => _embedded?.CompactHistory();

    public async ValueTask DisposeAsync()
    {
        if (_embedded is null)
        {
            foreach (var name in (string[])[Web, System])
            {
                await Client.For(KubernetesResources.Namespaces).TryDeleteAsync(new ObjectKey("", name), cancellationToken: CancellationToken.None);
            }
        }

        foreach (var client in _clients)
        {
            client.Dispose();
        }

        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private static async Task<RuntimeCluster> FindAsync(bool controllers)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBECONFIG")))
        {
            return new RuntimeCluster(ClusterConfiguration.Load(), null);
        }

        var embedded = await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions { Https = false, Controllers = controllers }, TestContext.Current.CancellationToken);
        var token = embedded.CreateUser("runtime-tests", "system:masters");
        var credentials = new StaticCredentialSource(new Credentials { BearerToken = token });
        return new RuntimeCluster(new ClusterConfiguration { Server = embedded.Url, Credentials = credentials }, embedded);
    }

    private async Task<string> CreateNamespaceAsync(string prefix)
    {
        var created = await Client.For(KubernetesResources.Namespaces).CreateAsync(
            new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { GenerateName = prefix } },
            cancellationToken: TestContext.Current.CancellationToken);
        return created.Metadata.Name!;
    }
}
