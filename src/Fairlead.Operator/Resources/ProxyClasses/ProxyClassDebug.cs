using System.ComponentModel;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassDebug : ExtensibleRecord
{
    [Description("Whether tailscaled serves profiles and internal metrics on port 9001 of the Pod. Without a debug block, they are served when "
        + "metrics are.")]
    public bool? Enable { get; init; }
}
