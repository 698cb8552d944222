using System.Security.Cryptography;
using System.Text;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.Proxies;

/// <summary>The Service behind which Prometheus finds a proxy's metrics. Labels are wire contract.</summary>
internal static class ProxyMetricsService
{
    private const string ProxyType = "ts_proxy_type";
    private const string ParentName = "ts_proxy_parent_name";
    private const string ParentNamespace = "ts_proxy_parent_namespace";
    private const string Job = "ts_prom_job";

    /// <summary>Longest value of a label. A longer one is cut, and kept distinct by a hash.</summary>
    private const int MaxLabelLength = 63;
    private const int KeptLength = 54;

    public static string NameFor(string statefulSet) => $"{statefulSet}-metrics";

    public static bool IsWanted(ProxySpec proxy) => proxy.ServesMetrics && proxy.Class?.Spec?.Metrics?.Enable == true;

    public static Service Build(ProxySpec proxy, OperatorSettings settings) => new()
    {
        ApiVersion = KubernetesResources.Services.ApiVersion,
        Kind = KubernetesResources.Services.Kind,
        Metadata = new ObjectMeta { Name = NameFor(proxy.Name), Namespace = settings.Namespace, Labels = Labels(proxy) },
        Spec = new ServiceSpec
        {
            Type = "ClusterIP",
            Selector = ProxyLabels.For(proxy.Parent),
            Ports = [new ServicePort { Name = "metrics", Port = ContainerOverlay.MetricsPort, Protocol = "TCP", TargetPort = ContainerOverlay.MetricsPort }],
        },
    };

    private static SortedDictionary<string, string> Labels(ProxySpec proxy)
    {
        var (ns, name) = (proxy.Parent.Namespace, proxy.Parent.Name);
        var type = proxy.Parent.Type switch
        {
            ProxyParent.ServiceType => "ingress_service",
            ProxyParent.IngressType => "ingress_resource",
            var other => other,
        };
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ProxyLabels.Managed] = "true",
            [ProxyLabels.MetricsTarget] = proxy.Name,
            [ProxyType] = type,
            [ParentName] = Fitting(name),
            [Job] = Fitting(ns.Length == 0 ? $"ts_{type}_{name}" : $"ts_{type}_{ns}_{name}"),
        };
        if (ns.Length > 0)
        {
            labels[ParentNamespace] = Fitting(ns);
        }

        return labels;
    }

    private static string Fitting(string value) => value.Length <= MaxLabelLength
        ? value
        : $"{value[..KeptLength]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)).AsSpan(0, 4))}";
}
