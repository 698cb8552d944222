using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyGroups;

public sealed record ProxyGroupSpec : ExtensibleRecord
{
    /// <summary>Replicas of a group that names no number. Not in the schema, as upstream's has no default either.</summary>
    public const int DefaultReplicas = 2;

    [Required]
    [AllowedValues(ProxyGroupType.Egress, ProxyGroupType.Ingress, ProxyGroupType.KubeApiServer)]
    [ValidationRule("self == oldSelf", "the type of a ProxyGroup cannot be changed; create another ProxyGroup")]
    [Description("What the group is for: egress leads from the cluster to the tailnet, ingress from the tailnet into the cluster, and kube-apiserver "
        + "serves the cluster's API to the tailnet. Cannot be changed.")]
    public string? Type { get; init; }

    [ElementSchema(Pattern = "^tag:[a-zA-Z][a-zA-Z0-9-]*$")]
    [Description("Tags of the group's devices; left out, the operator's default for proxies. A change has no effect on devices that exist.")]
    public IReadOnlyList<string>? Tags { get; init; }

    [Schema(Minimum = 0)]
    [Description("Number of proxies; 2 when left out.")]
    public int? Replicas { get; init; }

    [Schema(Pattern = "^[a-z0-9][a-z0-9-]{0,61}$")]
    [Description("What the devices' names begin with; a dash and the replica's number follow. Left out, the group's name.")]
    public string? HostnamePrefix { get; init; }

    [Description("ProxyClass that shapes the group's Pods; left out, the operator's default class, if it has one.")]
    public string? ProxyClass { get; init; }

    [JsonPropertyName("kubeAPIServer")]
    [Description("Settings of a group of type kube-apiserver; without effect on others.")]
    public ProxyGroupKubeApiServer? KubeApiServer { get; init; }

    [ValidationRule("self == oldSelf", "the tailnet of a ProxyGroup cannot be changed; create another ProxyGroup")]
    [Description("Tailnet object whose tailnet the group's devices join; left out, the operator's own tailnet. Cannot be changed.")]
    public string? Tailnet { get; init; }
}
