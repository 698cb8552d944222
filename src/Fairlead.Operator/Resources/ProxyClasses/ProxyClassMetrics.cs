using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyClasses;

[ValidationRule(
    "!(has(self.serviceMonitor) && self.serviceMonitor.enable && !self.enable)",
    "a ServiceMonitor needs metrics: set metrics.enable to true as well")]
public sealed record ProxyClassMetrics : ExtensibleRecord
{
    [Required]
    [Description("Whether proxies serve metrics in Prometheus format at /metrics on port 9002, behind a Service of their own.")]
    public bool? Enable { get; init; }

    [Description("The ServiceMonitor by which Prometheus Operator finds the metrics.")]
    public ProxyClassServiceMonitor? ServiceMonitor { get; init; }
}
