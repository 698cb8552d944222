using System.Globalization;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Lays the container blocks of a ProxyClass over containers of a proxy's Pod.</summary>
internal static class ContainerOverlay
{
    /// <summary>Name of the container that runs the proxy.</summary>
    public const string ProxyContainer = "tailscale";

    /// <summary>Name of the init container that switches IP forwarding on.</summary>
    public const string ForwardingContainer = "sysctler";

    /// <summary>Port of the metrics that are meant for users.</summary>
    public const int MetricsPort = 9002;

    private const int DebugPort = 9001;
    private const string AcmeStaging = "https://acme-staging-v02.api.letsencrypt.org/directory";

    /// <summary>The proxy's container: variables for debugging, metrics and certificates come before the class's own.</summary>
    public static Container ApplyToProxy(Container container, ProxyClass proxyClass, OverlayContext context)
    {
        var spec = proxyClass.Spec;
        var custom = spec?.StatefulSet?.Pod?.TailscaleContainer;
        var metrics = spec?.Metrics?.Enable == true;
        if (context.ServesDebug && (custom?.Debug is { } debug ? debug.Enable == true : metrics))
        {
            container = With(
                container,
                Port("debug", DebugPort),
                Variable("TS_DEBUG_ADDR_PORT", string.Create(CultureInfo.InvariantCulture, $"$(POD_IP):{DebugPort}")),
                Variable("TS_TAILSCALED_EXTRA_ARGS", "--debug=$(TS_DEBUG_ADDR_PORT)"));
        }

        if (context.ServesMetrics && metrics)
        {
            container = With(
                container,
                Port("metrics", MetricsPort),
                Variable("TS_LOCAL_ADDR_PORT", string.Create(CultureInfo.InvariantCulture, $"$(POD_IP):{MetricsPort}")),
                Variable("TS_ENABLE_METRICS", "true"));
        }

        if (context.ServesHttps && spec?.UseLetsEncryptStagingEnvironment == true)
        {
            container = With(container, null, Variable("TS_DEBUG_ACME_DIRECTORY_URL", AcmeStaging));
        }

        return custom is null ? container : Apply(container, custom);
    }

    public static Container Apply(Container container, ProxyClassContainer custom) => With(
        container with
        {
            Image = custom.Image is { Length: > 0 } image ? image : container.Image,
            ImagePullPolicy = custom.ImagePullPolicy is { Length: > 0 } policy ? policy : container.ImagePullPolicy,
            SecurityContext = custom.SecurityContext ?? container.SecurityContext,
            Resources = Resources(container.Resources, custom.Resources),
        },
        null,
        [.. (custom.Env ?? []).Select(variable => Variable(variable.Name ?? "", variable.Value))]);

    // Claims are not taken over: they refer to resource claims of the Pod, which a class cannot give it, and the API server would
    // refuse the StatefulSet.
    private static ResourceRequirements? Resources(ResourceRequirements? existing, ResourceRequirements? custom)
    {
        var requests = custom?.Requests is { Count: > 0 } someRequests ? someRequests : null;
        var limits = custom?.Limits is { Count: > 0 } someLimits ? someLimits : null;
        return requests is null && limits is null ? existing : (existing ?? new ResourceRequirements()) with
        {
            Requests = requests ?? existing?.Requests,
            Limits = limits ?? existing?.Limits,
        };
    }

    private static Container With(Container container, ContainerPort? port, params EnvVar[] variables) => container with
    {
        Ports = port is null ? container.Ports : [.. container.Ports ?? [], port],
        Env = variables.Length == 0 ? container.Env : [.. container.Env ?? [], .. variables],
    };

    private static ContainerPort Port(string name, int number) => new() { Name = name, Protocol = "TCP", Port = number };

    private static EnvVar Variable(string name, string? value) => new() { Name = name, Value = value };
}
