using System.Runtime.CompilerServices;
using Fairlead.Bench.Clusters;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ServiceProxies;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Bench.Memory;

/// <summary>Live heap that an informer's cache takes per object, with the operator's projections and index.</summary>
internal sealed class CacheFootprint(KubernetesClient client, int count)
{
    private const string Namespace = "shop";
    private const int Writers = 8;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var name in (string[])[Namespace, Installation.OperatorNamespace])
        {
            await client.For(KubernetesResources.Namespaces).ApplyAsync(
                new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new() { Name = name } }, new ApplyOptions { Force = true }, cancellationToken).ConfigureAwait(false);
        }

        var services = client.For(KubernetesResources.Services);
        var secrets = client.For(KubernetesResources.Secrets);
        var status = SampleObjects.Status(DateTimeOffset.UtcNow);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken },
            async (i, ct) =>
            {
                var service = await services.CreateAsync(SampleObjects.Service(i, Namespace), cancellationToken: ct).ConfigureAwait(false);
                await services.UpdateAsync(service with { Status = status }, new WriteOptions { Subresource = "status" }, ct).ConfigureAwait(false);
                await secrets.CreateAsync(SampleObjects.Secret(i, Installation.OperatorNamespace), cancellationToken: ct).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    public Task<double> BytesPerServiceAsync(CancellationToken cancellationToken) =>
        MeasureAsync(KubernetesResources.Services, InformerScope.In(Namespace), ServiceProjection.Keep, cancellationToken);

    public Task<double> BytesPerSecretAsync(CancellationToken cancellationToken) =>
        MeasureAsync(
            KubernetesResources.Secrets,
            new InformerScope(Installation.OperatorNamespace, "tailscale.com/managed=true"),
            ProxySecretProjection.Keep,
            cancellationToken);

    private async Task<double> MeasureAsync<T>(ResourceType<T> type, InformerScope scope, Func<T, T> project, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        // A first run fills the pools of buffers and strings, which are the process's and not the cache's.
        await HeapWithCacheAsync(type, scope, project, cancellationToken).ConfigureAwait(false);

        // The first run's threads have to end before its cache can be collected.
        await Task.Delay(Quiet, cancellationToken).ConfigureAwait(false);
        var without = GC.GetTotalMemory(forceFullCollection: true);
        var (with, objects) = await Task.Run(() => HeapWithCacheAsync(type, scope, project, cancellationToken), cancellationToken).ConfigureAwait(false);
        return (with - without) / (double)objects;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(long Heap, int Objects)> HeapWithCacheAsync<T>(
        ResourceType<T> type, InformerScope scope, Func<T, T> project, CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var factory = new InformerFactory(client, NullLoggerFactory.Instance);
        await using (factory.ConfigureAwait(false))
        {
            var informer = factory.For(type, scope, project);
            informer.AddIndex(ProxyChildrenObserver.ParentIndex, value => ProxyChildrenObserver.ParentIndexKeys(value));
            factory.Start();
            await informer.WaitForSyncAsync(cancellationToken).ConfigureAwait(false);
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            return (heap, informer.Count);
        }
    }
}
