using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources.Connectors;

namespace Fairlead.Operator.Connectors;

/// <summary>Takes the snapshot of one Connector from the informers' caches.</summary>
public sealed class ConnectorObserver(
    OperatorSettings settings,
    IObjectCache<Connector> connectors,
    ProxyChildrenObserver children,
    ProxyClassResolver classes,
    ITailnetClients tailnets,
    TimeProvider time)
{
    /// <summary>The snapshot; null when the Connector is gone or was never seen.</summary>
    public async ValueTask<ConnectorSnapshot?> ObserveAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (connectors.Get(key) is not { } connector)
        {
            return null;
        }

        var parent = ProxyParent.Of(ProxyParent.ConnectorType, connector);
        var found = await children.ObserveAsync(parent, cancellationToken).ConfigureAwait(false);
        return new ConnectorSnapshot
        {
            Connector = connector,
            Settings = settings,
            Children = found,
            ProxyClass = classes.ByName(connector.Spec?.ProxyClass ?? ""),
            ProxyName = children.NameFor(parent, connector.Metadata.Uid ?? "", found),
            Tailnet = tailnets.Choose(connector.Spec?.Tailnet ?? ""),
            Now = time.GetUtcNow(),
        };
    }
}
