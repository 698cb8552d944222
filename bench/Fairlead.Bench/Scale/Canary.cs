using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Bench.Scale;

/// <summary>
/// A Service that is refused: its hostname is not a name. An operator answers it with a condition and makes nothing, so that
/// the condition's appearance marks the first reconcile.
/// </summary>
internal sealed class Canary(KubernetesClient client)
{
    private static readonly ObjectKey Key = new("default", "fairlead-bench-canary");

    private readonly ResourceClient<Service> _services = client.For(KubernetesResources.Services);

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await DeleteAsync(cancellationToken).ConfigureAwait(false);
        var service = ServiceLoad.Service(Key.Name, Key.Namespace);
        var annotations = new Dictionary<string, string>(service.Metadata.Annotations!) { ["tailscale.com/hostname"] = "-no-name-" };
        await _services.CreateAsync(service with { Metadata = service.Metadata with { Annotations = annotations } }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> IsReconciledAsync(CancellationToken cancellationToken) =>
        ServiceLoad.ProxyReady(await _services.GetAsync(Key, cancellationToken).ConfigureAwait(false)) is not null;

    public Task DeleteAsync(CancellationToken cancellationToken) => _services.TryDeleteAsync(Key, cancellationToken: cancellationToken);
}
