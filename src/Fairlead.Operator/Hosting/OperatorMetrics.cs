using System.Diagnostics.Metrics;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Operator.Hosting;

/// <summary>What the operator manages, counted from the caches whenever it is asked. Names as upstream reports them.</summary>
internal sealed class OperatorMetrics : IDisposable
{
    public const string MeterName = "Fairlead.Operator";

    private readonly Meter _meter = new(MeterName);

    public OperatorMetrics(IObjectCache<Service> services, IObjectCache<ProxyClass> classes, OperatorSettings settings)
    {
        _meter.CreateObservableGauge(
            "k8s_ingress_proxies", () => Count(services, settings, egress: false), description: "Services exposed to the tailnet by a proxy of their own.");
        _meter.CreateObservableGauge(
            "k8s_egress_proxies", () => Count(services, settings, egress: true), description: "Services that lead to the tailnet through a proxy of their own.");
        _meter.CreateObservableGauge(
            "k8s_proxyclass_resources",
            () => classes.List().Count(found => found.Metadata.Finalizers?.Contains(ProxyClassPlan.Finalizer) == true),
            description: "ProxyClasses.");
    }

    public void Dispose() => _meter.Dispose();

    private static int Count(IObjectCache<Service> services, OperatorSettings settings, bool egress) =>
        services.List().Count(service =>
            service.Metadata.Finalizers?.Contains(ServiceProxyPlan.Finalizer) == true
            && !ServiceProxyMode.BelongsToProxyGroup(service)
            && ServiceProxyMode.TargetOf(service, settings)?.IsEgress == egress);
}
