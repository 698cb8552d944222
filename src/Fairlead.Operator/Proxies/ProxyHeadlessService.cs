using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;

namespace Fairlead.Operator.Proxies;

/// <summary>The headless Service that gives a proxy's Pods their DNS name.</summary>
internal static class ProxyHeadlessService
{
    public static Service Build(ProxySpec proxy, OperatorSettings settings) => new()
    {
        ApiVersion = KubernetesResources.Services.ApiVersion,
        Kind = KubernetesResources.Services.Kind,
        Metadata = new ObjectMeta { Name = proxy.Name, Namespace = settings.Namespace, Labels = ProxyLabels.For(proxy.Parent) },
        Spec = new ServiceSpec
        {
            ClusterIP = "None",
            Selector = new Dictionary<string, string> { [ProxyLabels.App] = proxy.ParentUid },
            IpFamilyPolicy = "PreferDualStack",
        },
    };
}
