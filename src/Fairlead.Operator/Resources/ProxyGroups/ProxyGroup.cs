using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Resources.ProxyGroups;

/// <summary>Proxies that serve many objects together (<c>tailscale.com/v1alpha1</c>, cluster-scoped).</summary>
[Description("A set of equal proxies that several Services or Ingresses share, or that serve the cluster's API to the tailnet.")]
public sealed record ProxyGroup : KubernetesObject
{
    public const string AvailableCondition = "ProxyGroupAvailable";
    public const string ReadyCondition = "ProxyGroupReady";
    public const string ApiServerProxyValidCondition = "KubeAPIServerProxyValid";
    public const string ApiServerProxyConfiguredCondition = "KubeAPIServerProxyConfigured";

    [Required]
    [Description("What the group is for and how its proxies appear on the tailnet.")]
    public ProxyGroupSpec? Spec { get; init; }

    [Description("How the group's proxies are doing. Written by the operator.")]
    public ProxyGroupStatus? Status { get; init; }

    /// <summary>Whether at least one replica is on the tailnet, which is when others may rely on the group.</summary>
    [JsonIgnore]
    public bool IsAvailable => Condition(AvailableCondition) is { Status: "True" };

    /// <summary>Whether the group, in its present form, is as it was asked for.</summary>
    [JsonIgnore]
    public bool IsReady => IsTrueNow(ReadyCondition);

    /// <summary>Number of replicas asked for.</summary>
    [JsonIgnore]
    public int Replicas => Spec?.Replicas ?? ProxyGroupSpec.DefaultReplicas;

    /// <summary>Name of the Tailnet object whose tailnet the group joins; empty: the operator's own.</summary>
    [JsonIgnore]
    public string Tailnet => Spec?.Tailnet ?? "";

    /// <summary>Whether a condition is True for the group's present form.</summary>
    public bool IsTrueNow(string type) => Condition(type) is { Status: "True" } condition && condition.ObservedGeneration == Metadata.Generation;

    public Condition? Condition(string type) => Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
}
