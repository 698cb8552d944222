using System.ComponentModel;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassSpec : ExtensibleRecord
{
    [Description("Changes to the StatefulSet that runs the proxy.")]
    public ProxyClassStatefulSet? StatefulSet { get; init; }

    [Description("Metrics of the proxy. Proxies that lead from the cluster to the tailnet without a ProxyGroup serve none.")]
    public ProxyClassMetrics? Metrics { get; init; }

    [Description("Settings of the proxy's tailnet device.")]
    public ProxyClassTailscale? Tailscale { get; init; }

    [Description("Whether HTTPS certificates come from the staging environment of Let's Encrypt, whose limits are wider and whose certificates "
        + "browsers do not trust. Takes effect where a proxy serves HTTPS: Ingresses, and ProxyGroups of type ingress or kube-apiserver.")]
    public bool? UseLetsEncryptStagingEnvironment { get; init; }

    [Description("Ways to reach a proxy from outside the cluster without a relay. Takes effect on ProxyGroups only.")]
    public ProxyClassStaticEndpoints? StaticEndpoints { get; init; }
}
