using Fairlead.Dev.Cluster;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Tests.Controllers;

/// <summary>An embedded cluster that serves the types the runtime needs.</summary>
internal sealed class RuntimeCluster : IAsyncDisposable
{
    private readonly List<KubernetesClient> _clients = [];

    private RuntimeCluster(EmbeddedCluster cluster)
    {
        Cluster = cluster;
        Client = Connect();
    }

    public EmbeddedCluster Cluster { get; }

    public KubernetesClient Client { get; }

    public ResourceClient<ConfigMap> ConfigMaps => Client.For(KubernetesResources.ConfigMaps);

    /// <summary>With the namespaces <c>web</c> and <c>system</c> besides <c>default</c>.</summary>
    public static async Task<RuntimeCluster> StartAsync(bool controllers = true)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var cluster = new RuntimeCluster(await EmbeddedCluster.StartAsync(
            new EmbeddedClusterOptions { Https = false, Controllers = controllers }, cancelled));
        foreach (var name in (string[])["web", "system"])
        {
            var ns = new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = name } };
            await cluster.Client.For(KubernetesResources.Namespaces).CreateAsync(ns, cancellationToken: cancelled);
        }

        return cluster;
    }

    public static ConfigMap ConfigMap(string name, string ns = "web", params (string Key, string Value)[] labels) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new ObjectMeta { Namespace = ns, Name = name, Labels = labels.ToDictionary(label => label.Key, label => label.Value) },
    };

    /// <summary>One more client, for example one that a test cuts off.</summary>
    public KubernetesClient Connect(ICredentialSource? credentials = null)
    {
        credentials ??= new SwitchableCredentials(Cluster.CreateUser($"user-{_clients.Count}", "system:masters"));
        var client = new KubernetesClient(new ClusterConfiguration { Server = Cluster.Url, Credentials = credentials });
        _clients.Add(client);
        return client;
    }

    public SwitchableCredentials Credentials() => new(Cluster.CreateUser($"user-{_clients.Count}", "system:masters"));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await Cluster.DisposeAsync();
    }
}
