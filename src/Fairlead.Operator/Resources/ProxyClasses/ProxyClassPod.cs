using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassPod : ExtensibleRecord
{
    [ElementSchema(MaxLength = LabelValue.MaxLength, Pattern = LabelValue.Pattern)]
    [Description("Labels of the Pods. Those by which the operator finds its objects cannot be replaced.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Annotations of the Pods. Those by which a changed target restarts the proxy cannot be replaced.")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [Description("Rules of affinity and anti-affinity, as in any Pod.")]
    public Affinity? Affinity { get; init; }

    [Description("The container that runs the proxy.")]
    public ProxyClassContainer? TailscaleContainer { get; init; }

    [Description("The init container that switches IP forwarding on. Proxies without such a container ignore this.")]
    public ProxyClassContainer? TailscaleInitContainer { get; init; }

    [Description("Security context of the Pods, as in any Pod.")]
    public PodSecurityContext? SecurityContext { get; init; }

    [Description("Secrets with which images are pulled, as in any Pod.")]
    public IReadOnlyList<LocalObjectReference>? ImagePullSecrets { get; init; }

    [Description("The one node to run on, without asking the scheduler.")]
    public string? NodeName { get; init; }

    [Description("Labels that a node must have to run the Pods.")]
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    [Description("Taints that the Pods tolerate, as in any Pod.")]
    public IReadOnlyList<Toleration>? Tolerations { get; init; }

    [Description("How Pods spread over the cluster, as in any Pod.")]
    public IReadOnlyList<TopologySpreadConstraint>? TopologySpreadConstraints { get; init; }

    [Description("PriorityClass of the Pods.")]
    public string? PriorityClassName { get; init; }

    [AllowedValues("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")]
    [Description("How the Pods resolve names; ClusterFirst when left out.")]
    public string? DnsPolicy { get; init; }

    [Description("Name servers, search domains and resolver options, as in any Pod.")]
    public PodDnsConfig? DnsConfig { get; init; }
}
