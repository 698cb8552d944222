using System.Net;
using Fairlead.Bench.Clusters;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Bench.Scale;

/// <summary>Many Services that ask for a proxy.</summary>
internal sealed class ServiceLoad(KubernetesClient client, int count)
{
    // As many as the published figures were made with.
    private const int Writers = 8;

    private readonly ResourceClient<Service> _services = client.For(KubernetesResources.Services);

    public Task CreateAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken },
            async (i, ct) => await _services.CreateAsync(Service($"s{i:00000}", Installation.LoadNamespace), cancellationToken: ct).ConfigureAwait(false));

    public async Task<bool> HaveStatefulSetsAsync(CancellationToken cancellationToken) =>
        await ObjectCount.OfAsync(client.For(KubernetesResources.StatefulSets), Installation.OperatorNamespace, cancellationToken).ConfigureAwait(false) >= count;

    public async Task<bool> AreReportedAsync(CancellationToken cancellationToken) =>
        (await _services.ListAllAsync(Installation.LoadNamespace, cancellationToken: cancellationToken).ConfigureAwait(false)).Items
        .All(service => ProxyReady(service)?.Status == "True");

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _services.DeleteCollectionAsync(Installation.LoadNamespace, new ListOptions(), cancellationToken: cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.GatewayTimeout)
            {
                // API servers delete one object after the other and give up after a minute.
            }
        }
    }

    public async Task<bool> AreGoneAsync(CancellationToken cancellationToken) =>
        await ObjectCount.OfAsync(_services, Installation.LoadNamespace, cancellationToken).ConfigureAwait(false) == 0;

    internal static Condition? ProxyReady(Service service) =>
        service.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "TailscaleProxyReady");

    internal static Service Service(string name, string ns) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new ObjectMeta { Name = name, Namespace = ns, Annotations = new Dictionary<string, string> { ["tailscale.com/expose"] = "true" } },
        Spec = new ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app"] = name },
            Ports = [new ServicePort { Port = 80, TargetPort = 8080 }],
        },
    };
}
