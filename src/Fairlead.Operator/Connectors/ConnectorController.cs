using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.Resources;

namespace Fairlead.Operator.Connectors;

/// <summary>The controller of Connectors.</summary>
internal static class ConnectorController
{
    private const string ClassIndex = "proxy-class";
    private const string TailnetIndex = "tailnet";

    public static Controller Build(ControllerContext context)
    {
        var connectors = context.Written(TailscaleResources.Connectors);
        connectors.AddIndex(ClassIndex, static connector => connector.Spec?.ProxyClass is { Length: > 0 } name ? [name] : []);
        connectors.AddIndex(TailnetIndex, static connector => connector.Spec?.Tailnet is { Length: > 0 } name ? [name] : []);
        var observer = new ConnectorObserver(
            context.Settings, connectors, context.ProxyChildren, context.ProxyClassResolver, context.Tailnets, context.Time);
        var parents = ProxyEvents.Of(ProxyParent.ConnectorType);
        var controller = context.Build(new ControllerBuilder("connector-reconciler")
            .Reconcile(new ConnectorReconciler(observer, context.ProxyOrphans, context.Applier))
            .Watch(connectors)
            .WatchMapped(context.Services, parents)
            .WatchMapped(context.Secrets, parents)
            .WatchMapped(context.StatefulSets, parents, matters: ProxyStatefulSetChange.Matters)
            .WatchMapped(context.Pods, parents));
        context.Notify(context.ProxyClasses, controller, changed => Users(ClassIndex, changed.Metadata.Name ?? ""));
        context.NotifyOfTailnets(controller, tailnet => Users(TailnetIndex, tailnet));
        return controller;

        IEnumerable<ObjectKey> Users(string index, string name) =>
            connectors.ByIndex(index, name).Select(static connector => new ObjectKey("", connector.Metadata.Name ?? ""));
    }
}
