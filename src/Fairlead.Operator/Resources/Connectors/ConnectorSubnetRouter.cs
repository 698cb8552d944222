using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.Connectors;

public sealed record ConnectorSubnetRouter : ExtensibleRecord
{
    [Required]
    [Schema(MinItems = 1)]
    [ElementSchema(Format = "cidr")]
    [Description("The networks, of IPv4 or IPv6, like 10.40.0.0/14; 4via6 routes as well.")]
    public IReadOnlyList<string>? AdvertiseRoutes { get; init; }
}
