using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.Tailnets;

public sealed record TailnetSpec : ExtensibleRecord
{
    [Description("URL of the control server that the tailnet is on. Tailscale's when left out, whatever the operator's own tailnet uses.")]
    public string? LoginUrl { get; init; }

    [Required]
    [Description("Where the credentials for the tailnet are.")]
    public TailnetCredentials? Credentials { get; init; }
}
