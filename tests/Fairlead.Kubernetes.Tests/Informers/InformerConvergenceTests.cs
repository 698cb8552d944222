using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Tests.Controllers;
using Fairlead.Kubernetes.Tests.Queueing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.Informers;

public sealed class InformerConvergenceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_happens_to_watches_and_history_the_cache_ends_as_the_cluster_and_every_change_adds_up(bool streaming)
    {
        await using var cluster = await RuntimeCluster.StartAsync();
        var options = new InformerOptions
        {
            StreamingList = streaming,
            PageSize = 7,
            BaseDelay = TimeSpan.FromMilliseconds(5),
            MaxDelay = TimeSpan.FromMilliseconds(20),
            // Far below what a bookmark takes: quiet moments count as dead watches.
            SilenceTimeout = TimeSpan.FromMilliseconds(20),
        };
        await using var factory = new InformerFactory(cluster.Client, NullLoggerFactory.Instance, options, random: new FixedRandom());
        var informer = factory.For(KubernetesResources.ConfigMaps, cluster.Scope).AddIndex("parity", value => [Parity(value)]);
        var replica = new Dictionary<ObjectKey, ConfigMap>();
        var wrong = new List<string>();
        informer.AddHandler(change => Replay(replica, change, wrong));
        factory.Start();

        var random = new Random(42);
        for (var step = 0; step < 400; step++)
        {
            await WriteAsync(cluster, informer, new ObjectKey(cluster.Web, $"object-{random.Next(25)}"), random);
            if (step % 40 == 39)
            {
                cluster.CompactHistory();
            }
        }

        var truth = (await cluster.ConfigMaps.ListAllAsync(cluster.Web, new ListOptions { LabelSelector = cluster.Scope.LabelSelector }, cancellationToken: Cancelled)).Items;
        var expected = truth.Select(Fingerprint).Order(StringComparer.Ordinal).ToArray();
        await Until.TrueAsync("cache equals cluster", () => informer.List().Select(Fingerprint).Order(StringComparer.Ordinal).SequenceEqual(expected));
        Assert.Empty(wrong);
        Assert.Equal(expected, replica.Values.Select(Fingerprint).Order(StringComparer.Ordinal));
        Assert.Equal(expected, informer.ByIndex("parity", "even").Concat(informer.ByIndex("parity", "odd")).Select(Fingerprint).Order(StringComparer.Ordinal));
    }

    private static string Fingerprint(ConfigMap value) => $"{value.Metadata.Name}@{value.Metadata.ResourceVersion}#{value.Metadata.Uid}";

    private static string Parity(ConfigMap value) => value.Data!["value"] is var text && (text[^1] - '0') % 2 == 0 ? "even" : "odd";

    private static void Replay(Dictionary<ObjectKey, ConfigMap> replica, InformerEvent<ConfigMap> change, List<string> wrong)
    {
        var key = new ObjectKey(change.Object.Metadata.Namespace!, change.Object.Metadata.Name!);
        if (replica.GetValueOrDefault(key) != change.Old)
        {
            wrong.Add($"{key}: the event's old state is not what the last event left");
        }

        if (change.New is null)
        {
            replica.Remove(key);
        }
        else
        {
            replica[key] = change.New;
        }
    }

    /// <summary>Creates, changes or deletes; half of the time the informer is told at once, as a reconciler would do.</summary>
    private static async Task WriteAsync(RuntimeCluster cluster, SharedInformer<ConfigMap> informer, ObjectKey key, Random random)
    {
        var client = cluster.ConfigMaps;
        var tell = random.Next(2) == 0;
        var existing = await client.TryGetAsync(key, Cancelled);
        if (existing is not null && random.Next(3) == 0)
        {
            await client.DeleteAsync(key, cancellationToken: Cancelled);
            if (tell)
            {
                informer.ObserveDeleted(key, existing.Metadata.Uid);
                Assert.NotEqual(existing.Metadata.Uid, informer.Get(key)?.Metadata.Uid);
            }

            return;
        }

        var data = new Dictionary<string, string> { ["value"] = $"{random.Next()}" };
        var written = existing is null
            ? await client.CreateAsync(cluster.ConfigMap(key.Name) with { Data = data }, cancellationToken: Cancelled)
            : await client.UpdateAsync(existing with { Data = data }, cancellationToken: Cancelled);
        if (tell)
        {
            informer.Observe(written);
            Assert.Equal(written.Metadata.ResourceVersion, informer.Get(key)!.Metadata.ResourceVersion);
        }
    }
}
