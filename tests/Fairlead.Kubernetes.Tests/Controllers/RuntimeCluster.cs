using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
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

    public static async Task<RuntimeCluster> StartAsync() => new(await EmbeddedCluster.StartAsync(
        new EmbeddedClusterOptions
        {
            Https = false,
            Definitions =
            [
                Definition(KubernetesResources.ConfigMaps, "configmap"),
                Definition(KubernetesResources.Leases, "lease"),
                Definition(KubernetesResources.Events, "event"),
            ],
        },
        TestContext.Current.CancellationToken));

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

    private static ResourceDefinition Definition<T>(ResourceType<T> type, string singular)
        where T : class, IKubernetesObject => new()
        {
            Group = type.Group,
            Version = type.Version,
            Kind = type.Kind,
            Plural = type.Plural,
            Singular = singular,
            Namespaced = type.Namespaced,
            Schema = new SchemaNode { Type = "object", PreserveUnknownFields = true },
            Strategy = new NoRules(),
        };

    private sealed class NoRules : IResourceStrategy
    {
        public void PrepareForCreate(JsonObject obj)
        {
        }

        public void PrepareForUpdate(JsonObject obj, JsonObject old)
        {
        }

        public IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) => ImmutableArray<FieldError>.Empty;

        public void Release(JsonObject obj)
        {
        }
    }
}
