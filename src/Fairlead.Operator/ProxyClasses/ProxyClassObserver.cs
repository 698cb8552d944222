using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Takes the snapshot of one ProxyClass. Whatever few classes need is asked of the API server only for those.</summary>
public sealed class ProxyClassObserver(
    KubernetesClient client, IObjectCache<ProxyClass> classes, NodePortRange nodePorts, TimeProvider time)
{
    public const string ServiceMonitorDefinition = "servicemonitors.monitoring.coreos.com";

    /// <summary>The snapshot; null when the class is gone.</summary>
    public async ValueTask<ProxyClassSnapshot?> ObserveAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (classes.Get(key) is not { } found)
        {
            return null;
        }

        var hasPorts = !StaticEndpointPorts.Of(found).IsEmpty;
        return new ProxyClassSnapshot
        {
            Class = found,
            ReadyClasses = hasPorts ? [.. classes.List().Where(other => other.IsReady)] : [],
            ServiceMonitorsInstalled = WantsServiceMonitor(found)
                ? await ServiceMonitorsInstalledAsync(cancellationToken).ConfigureAwait(false)
                : null,
            ClusterNodePorts = hasPorts ? await nodePorts.FindAsync(cancellationToken).ConfigureAwait(false) : null,
            Now = time.GetUtcNow(),
        };
    }

    /// <summary>
    /// The classes that a change of one concerns: itself, and those refused so far whose ports may be free now.
    /// </summary>
    public IEnumerable<ObjectKey> Concerned(ProxyClass changed) =>
    [
        KeyOf(changed),
        .. from other in classes.List()
           where other.Metadata.Name != changed.Metadata.Name && !other.IsReady && !StaticEndpointPorts.Of(other).IsEmpty
           select KeyOf(other),
    ];

    /// <summary>The classes that the presence of ServiceMonitors decides about.</summary>
    public IEnumerable<ObjectKey> WantingServiceMonitors() => classes.List().Where(WantsServiceMonitor).Select(KeyOf);

    private static bool WantsServiceMonitor(ProxyClass found) => found.Spec?.Metrics?.ServiceMonitor is { Enable: true };

    private static ObjectKey KeyOf(ProxyClass found) => new("", found.Metadata.Name ?? "");

    private async ValueTask<bool?> ServiceMonitorsInstalledAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.For(KubernetesResources.CustomResourceDefinitions)
                .TryGetAsync(new ObjectKey("", ServiceMonitorDefinition), cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (KubernetesApiException)
        {
            // Not being allowed to look, or a server that is busy, is no fault of the class.
            return null;
        }
    }
}
