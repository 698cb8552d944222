using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassStatefulSet : ExtensibleRecord
{
    [ElementSchema(MaxLength = LabelValue.MaxLength, Pattern = LabelValue.Pattern)]
    [Description("Labels of the StatefulSet. Those by which the operator finds its objects cannot be replaced.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Annotations of the StatefulSet.")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [Description("Changes to the proxy's Pods. Once this block is there, scheduling fields, Pod security context, pull secrets and priority class "
        + "are taken from it alone: what it leaves out is unset.")]
    public ProxyClassPod? Pod { get; init; }
}
