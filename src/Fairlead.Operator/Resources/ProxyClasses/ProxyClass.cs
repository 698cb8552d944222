using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyClasses;

/// <summary>How the Pods of proxies are shaped (<c>tailscale.com/v1alpha1</c>, cluster-scoped).</summary>
[Description("Shapes the Pods of proxies. Services, Ingresses and other parents of proxies choose a class by name.")]
public sealed record ProxyClass : KubernetesObject
{
    public const string ReadyCondition = "ProxyClassReady";

    [Required]
    [Description("What proxies of this class are to look like. Fields left out keep the operator's defaults.")]
    public ProxyClassSpec? Spec { get; init; }

    [Description("What the operator found out about the class. Written by the operator.")]
    public ProxyClassStatus? Status { get; init; }

    /// <summary>Whether the class was found valid in its present form.</summary>
    [JsonIgnore]
    public bool IsReady => Status?.Conditions?.Any(condition =>
        condition is { Type: ReadyCondition, Status: "True" } && condition.ObservedGeneration == Metadata.Generation) == true;
}
