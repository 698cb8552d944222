using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassServiceMonitor : ExtensibleRecord
{
    [Required]
    [Description("Whether to make a ServiceMonitor. Its definition (monitoring.coreos.com/v1) must be installed.")]
    public bool? Enable { get; init; }

    [ElementSchema(MaxLength = LabelValue.MaxLength, Pattern = LabelValue.Pattern)]
    [Description("Labels of the ServiceMonitor, by which a Prometheus may select it.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
