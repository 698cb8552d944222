using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Operator.Hosting;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>The controller that judges ProxyClasses.</summary>
internal static class ProxyClassController
{
    public static Controller Build(ControllerContext context)
    {
        var observer = new ProxyClassObserver(context.Client, context.ProxyClasses, new NodePortRange(context.Settings, context.Client), context.Time);
        var controller = context.Build(new ControllerBuilder("proxyclass-reconciler")
            .Reconcile(new ProxyClassReconciler(observer, context.Applier))
            .WatchMapped(context.ProxyClasses, observer.Concerned));
        var definitions = context.Watched(
            KubernetesResources.CustomResourceDefinitions,
            InformerScope.Named(ProxyClassObserver.ServiceMonitorDefinition),
            static definition => new CustomResourceDefinition { Metadata = definition.Metadata });

        // Judging classes does not wait for the right to see definitions.
        context.Notify(definitions, controller, _ => observer.WantingServiceMonitors());
        return controller;
    }
}
