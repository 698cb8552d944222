using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassContainer : ExtensibleRecord
{
    [Description("Environment variables, added after those of the operator. A TS_ variable may break the proxy: the operator warns of it.")]
    public IReadOnlyList<ProxyClassEnvVar>? Env { get; init; }

    [Description("Image to run instead of the operator's default, for example registry.example.com/tailscale:v1.98.0.")]
    public string? Image { get; init; }

    [AllowedValues("Always", "Never", "IfNotPresent")]
    [Description("When the image is pulled.")]
    public string? ImagePullPolicy { get; init; }

    [Description("Requests, limits and claims of the container. Requests and limits each replace the operator's when not empty.")]
    public ResourceRequirements? Resources { get; init; }

    [Description("Security context that replaces the operator's. A proxy that forwards in the kernel needs NET_ADMIN, or to be privileged.")]
    public SecurityContext? SecurityContext { get; init; }

    [Description("Endpoints for debugging tailscaled. Not for init containers.")]
    public ProxyClassDebug? Debug { get; init; }
}
