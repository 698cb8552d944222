using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.Tailnets;

public sealed record TailnetCredentials : ExtensibleRecord
{
    [Required]
    [Description("Name of a Secret in the operator's namespace. Its client_id says which client the operator is. With client_secret that is an "
        + "OAuth client; with audience it is a federated identity, which the operator proves by a token of its ServiceAccount for that audience. "
        + "Where both are given, audience counts.")]
    public string? SecretName { get; init; }
}
