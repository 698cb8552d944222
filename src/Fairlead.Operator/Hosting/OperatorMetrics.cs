using System.Diagnostics.Metrics;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Operator.Tailnets;

namespace Fairlead.Operator.Hosting;

/// <summary>What the operator manages, counted from the caches whenever it is asked. Names as upstream reports them.</summary>
internal sealed class OperatorMetrics : IDisposable
{
    public const string MeterName = "Fairlead.Operator";

    private readonly Meter _meter = new(MeterName);

    public OperatorMetrics(ControllerContext context)
    {
        var (services, settings) = (context.Services, context.Settings);
        _meter.CreateObservableGauge(
            "k8s_ingress_proxies", () => Count(services, settings, egress: false), description: "Services exposed to the tailnet by a proxy of their own.");
        _meter.CreateObservableGauge(
            "k8s_egress_proxies", () => Count(services, settings, egress: true), description: "Services that lead to the tailnet through a proxy of their own.");
        CountFinalized("k8s_proxyclass_resources", context.ProxyClasses, ProxyClassPlan.Finalizer, "ProxyClasses.");
        CountFinalized("k8s_tailnet_resources", context.TailnetObjects, TailnetPlan.Finalizer, "Tailnets whose credentials worked.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Objects that the operator has taken charge of.</summary>
    private void CountFinalized<T>(string name, IObjectCache<T> objects, string finalizer, string description)
        where T : class, IKubernetesObject => _meter.CreateObservableGauge(
            name, () => objects.List().Count(found => found.Metadata.Finalizers?.Contains(finalizer) == true), description: description);

    private static int Count(SharedInformer<Service> services, OperatorSettings settings, bool egress) =>
        services.List().Count(service =>
            service.Metadata.Finalizers?.Contains(ServiceProxyPlan.Finalizer) == true
            && !ServiceProxyMode.BelongsToProxyGroup(service)
            && ServiceProxyMode.TargetOf(service, settings)?.IsEgress == egress);
}
