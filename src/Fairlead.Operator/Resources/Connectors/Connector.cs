using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.Connectors;

/// <summary>Devices that lead the tailnet to networks (<c>tailscale.com/v1alpha1</c>, cluster-scoped).</summary>
[Description("Runs devices that lead the tailnet to networks: as subnet routers, exit nodes or app connectors.")]
public sealed record Connector : KubernetesObject
{
    public const string ReadyCondition = "ConnectorReady";

    [Required]
    [Description("What the devices lead to, and how they appear on the tailnet.")]
    public ConnectorSpec? Spec { get; init; }

    [Description("What the operator has made of it. Written by the operator.")]
    public ConnectorStatus? Status { get; init; }
}
