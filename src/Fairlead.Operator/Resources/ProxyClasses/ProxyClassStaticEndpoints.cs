using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassStaticEndpoints : ExtensibleRecord
{
    [Required]
    [Description("Endpoints on the external addresses of nodes, by Services of type NodePort.")]
    public ProxyClassNodePort? NodePort { get; init; }
}
