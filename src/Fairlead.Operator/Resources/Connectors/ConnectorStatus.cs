using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.Connectors;

public sealed record ConnectorStatus : ExtensibleRecord
{
    [ListMap("type")]
    [Description("ConnectorReady says whether the objects for the devices exist, TailscaleProxyRunning whether the devices are up and what keeps them from it.")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    [Description("The networks of a subnet router, separated by commas.")]
    public string? SubnetRoutes { get; init; }

    [Description("Whether the devices are exit nodes.")]
    public bool? IsExitNode { get; init; }

    [Description("Whether the devices are app connectors.")]
    public bool? IsAppConnector { get; init; }

    [Description("Full name of the first device on the tailnet.")]
    public string? Hostname { get; init; }

    [Description("Addresses of the first device on the tailnet.")]
    public IReadOnlyList<string>? TailnetIPs { get; init; }

    [Description("The devices, in the order of their replicas.")]
    public IReadOnlyList<ConnectorDevice>? Devices { get; init; }
}
