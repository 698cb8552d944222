using System.Text;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Proxy.State;

namespace Fairlead.Proxy.Tests.State;

public sealed class StateSecretWriteTests : IAsyncLifetime
{
    private static readonly ObjectKey Key = new("default", "proxy-0");

    private EmbeddedCluster _cluster = null!;
    private KubernetesClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false, Rbac = false, Controllers = false }, Stop);
        _client = new KubernetesClient(new ClusterConfiguration { Server = _cluster.Url });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_Secret_that_is_not_there_is_made_by_who_may()
    {
        await Open(new SecretRights(Get: true, Update: true, Patch: true, Create: true)).WriteAsync(new Dictionary<string, string?> { ["device_id"] = "n1", ["gone"] = null }, Stop);

        Assert.Equal(("device_id", "n1"), await OnlyValueAsync());
    }

    [Fact]
    public async Task Who_may_not_patch_reads_changes_and_replaces_and_a_write_in_between_is_kept()
    {
        await _client.For(KubernetesResources.Secrets).CreateAsync(
            new Secret { Metadata = new ObjectMeta { Namespace = Key.Namespace, Name = Key.Name }, Data = new Dictionary<string, byte[]> { ["mine"] = "1"u8.ToArray() } }, cancellationToken: Stop);
        var patches = _cluster.Faults.Add(new RequestMatch { Verb = "patch" }, new FaultEffect.Fail(403, "Forbidden"), times: int.MaxValue);
        var meanwhile = new TaskCompletionSource();
        var replacing = _cluster.Faults.Add(new RequestMatch { Verb = "update", Resource = "secrets" }, new FaultEffect.Hold(meanwhile.Task));
        var state = Open(new SecretRights(Get: true, Update: true, Patch: false, Create: false));

        var writing = state.WriteAsync(new Dictionary<string, string?> { ["mine"] = null, ["new"] = "2" }, Stop);
        await replacing.FirstHit.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await state.WriteAsync(new Dictionary<string, string?> { ["theirs"] = "3" }, Stop);
        meanwhile.SetResult();
        await writing;

        Assert.Equal(["new", "theirs"], (await state.ReadAsync(Stop)).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0, patches.Hits);
    }

    private StateSecret Open(SecretRights rights) => new(_client, Key, rights);

    private async Task<(string Key, string Value)> OnlyValueAsync()
    {
        var (name, value) = Assert.Single((await _client.For(KubernetesResources.Secrets).GetAsync(Key, Stop)).Data!);
        return (name, Encoding.ASCII.GetString(value));
    }
}
