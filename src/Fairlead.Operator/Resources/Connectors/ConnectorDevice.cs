using System.ComponentModel;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.Connectors;

public sealed record ConnectorDevice : ExtensibleRecord
{
    [Description("Full name of the device on the tailnet, once it is set up.")]
    public string? Hostname { get; init; }

    [Description("Addresses of the device on the tailnet.")]
    public IReadOnlyList<string>? TailnetIPs { get; init; }
}
