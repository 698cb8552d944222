using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassNodePort : ExtensibleRecord
{
    [Required]
    [Schema(MinItems = 1)]
    [Description("Node ports to choose from, one for each replica. They must lie in the cluster's range of node ports, and no two classes may "
        + "share one.")]
    public IReadOnlyList<ProxyClassPortRange>? Ports { get; init; }

    [Description("Labels of the nodes whose external addresses serve as endpoints. Empty: all nodes.")]
    public IReadOnlyDictionary<string, string>? Selector { get; init; }
}
