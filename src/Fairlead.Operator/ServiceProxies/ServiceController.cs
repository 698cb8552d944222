using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>The controller of Services with a proxy of their own.</summary>
internal static class ServiceController
{
    private const string ClassIndex = "proxy-class";

    public static Controller Build(ControllerContext context)
    {
        var services = context.Services;
        services.AddIndex(ClassIndex, service => ServiceClassIndex.KeysOf(service, context.Settings));
        var observer = new ServiceObserver(context.Settings, context.Client, services, context.ProxyChildren, context.ProxyClassResolver, context.Time);
        var controller = context.Build(new ControllerBuilder("service-reconciler")
            .Reconcile(new ServiceReconciler(observer, context.ProxyOrphans, context.Applier))
            .WatchMapped(services, ServiceEvents.KeysOf)
            .WatchMapped(context.Secrets, ProxyEvents.Of(ProxyParent.ServiceType))
            .WatchMapped(context.StatefulSets, ProxyEvents.Of(ProxyParent.ServiceType), matters: ProxyStatefulSetChange.Matters)
            .WatchMapped(context.Pods, ProxyEvents.Of(ProxyParent.ServiceType)));
        context.Notify(
            context.ProxyClasses,
            controller,
            changed => services.ByIndex(ClassIndex, changed.Metadata.Name ?? "")
                .Select(service => new ObjectKey(service.Metadata.Namespace ?? "", service.Metadata.Name ?? "")));
        return controller;
    }
}
