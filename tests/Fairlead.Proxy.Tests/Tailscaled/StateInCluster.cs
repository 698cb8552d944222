using System.Globalization;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Proxy.State;

namespace Fairlead.Proxy.Tests.Tailscaled;

/// <summary>A proxy's state Secret, in a cluster of its own.</summary>
internal sealed class StateInCluster : IAsyncDisposable
{
    private readonly EmbeddedCluster _cluster;
    private readonly KubernetesClient _client;

    private StateInCluster(EmbeddedCluster cluster)
    {
        _cluster = cluster;
        _client = new KubernetesClient(new ClusterConfiguration { Server = cluster.Url });
        State = new StateSecret(_client, new ObjectKey("default", "proxy-0"), new SecretRights(Get: true, Update: true, Patch: true, Create: true));
    }

    public StateSecret State { get; }

    public FaultInjector Faults => _cluster.Faults;

    /// <param name="values">What is in it to begin with.</param>
    public static async Task<StateInCluster> StartAsync(Dictionary<string, string?> values)
    {
        var stop = TestContext.Current.CancellationToken;
        var cluster = new StateInCluster(
            await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false, Rbac = false, Controllers = false }, stop));
        await cluster.State.WriteAsync(values, stop);
        return cluster;
    }

    /// <summary>How often the cluster was written to so far.</summary>
    public async Task<long> RevisionAsync() => long.Parse(
        (await _client.For(KubernetesResources.Secrets).GetAsync(State.Key, TestContext.Current.CancellationToken)).Metadata!.ResourceVersion!, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }
}
