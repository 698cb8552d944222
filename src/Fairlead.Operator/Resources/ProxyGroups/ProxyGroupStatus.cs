using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyGroups;

public sealed record ProxyGroupStatus : ExtensibleRecord
{
    [ListMap("type")]
    [Description("ProxyGroupAvailable says whether at least one proxy is on the tailnet, ProxyGroupReady whether the group is as asked for. Of groups "
        + "that serve the cluster's API, KubeAPIServerProxyValid and KubeAPIServerProxyConfigured tell of their Tailscale Service.")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    [ListMap("hostname")]
    [Description("The group's devices on the tailnet, in the order of their replicas.")]
    public IReadOnlyList<ProxyGroupDevice>? Devices { get; init; }

    [Description("Where the cluster's API is reached on the tailnet. Only of groups of type kube-apiserver.")]
    public string? Url { get; init; }
}
