using System.ComponentModel;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassTailscale : ExtensibleRecord
{
    [Description("Whether the device uses the subnet routes that other devices of the tailnet offer.")]
    public bool? AcceptRoutes { get; init; }
}
