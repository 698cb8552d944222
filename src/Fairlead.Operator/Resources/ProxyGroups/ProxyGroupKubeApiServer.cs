using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyGroups;

public sealed record ProxyGroupKubeApiServer : ExtensibleRecord
{
    public const string AuthMode = "auth";
    public const string NoAuthMode = "noauth";

    [AllowedValues(AuthMode, NoAuthMode)]
    [Description("auth, the default, passes requests on in the name of the tailnet user or device that sent them; noauth leaves authentication to the "
        + "API server.")]
    public string? Mode { get; init; }

    [Schema(Pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    [Description("Name of the Tailscale Service under which the API is reached; left out, the group's name.")]
    public string? Hostname { get; init; }
}
