using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.Connectors;

[ValidationRule(
    "has(self.subnetRouter) || (has(self.exitNode) && self.exitNode == true) || has(self.appConnector)",
    "a Connector leads somewhere: set at least one of subnetRouter, exitNode and appConnector")]
[ValidationRule(
    "!((has(self.subnetRouter) || (has(self.exitNode) && self.exitNode == true)) && has(self.appConnector))",
    "an app connector is neither subnet router nor exit node: remove appConnector, or make it a Connector of its own")]
[ValidationRule(
    "!(has(self.hostname) && has(self.replicas) && self.replicas > 1)",
    "several replicas cannot share one hostname: set hostnamePrefix instead")]
[ValidationRule("!(has(self.hostname) && has(self.hostnamePrefix))", "set one of hostname and hostnamePrefix")]
public sealed record ConnectorSpec : ExtensibleRecord
{
    [ElementSchema(Pattern = "^tag:[a-zA-Z][a-zA-Z0-9-]*$")]
    [Description("Tags of new devices, like tag:k8s; the operator's PROXY_TAGS when left out. They do not change on devices that exist.")]
    public IReadOnlyList<string>? Tags { get; init; }

    [Schema(Pattern = "^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$")]
    [Description("Name of the one device on the tailnet: 2 to 63 lower-case letters, digits and dashes, no dash at the ends. The Connector's name with \"-connector\" when left out.")]
    public string? Hostname { get; init; }

    [Schema(Pattern = "^[a-z0-9][a-z0-9-]{0,61}$")]
    [Description("What the names of the devices begin with, followed by a dash and the replica's number: 1 to 62 lower-case letters, digits and dashes, beginning with no dash.")]
    public string? HostnamePrefix { get; init; }

    [Description("Name of the ProxyClass that shapes the Pods. The operator's default class does not count here.")]
    public string? ProxyClass { get; init; }

    [Description("Networks that the devices lead to.")]
    public ConnectorSubnetRouter? SubnetRouter { get; init; }

    [Description("Has the devices lead to applications on the internet, whose domains the tailnet's policy file names.")]
    public ConnectorAppConnector? AppConnector { get; init; }

    // Upstream's operator writes it into every spec that leaves it out.
    [DefaultValue(false)]
    [Description("Whether the devices lead to the rest of the internet.")]
    public bool? ExitNode { get; init; }

    [Schema(Minimum = 0)]
    [Description("Number of devices, for high availability; 1 when left out.")]
    public int? Replicas { get; init; }

    [ValidationRule("self == oldSelf", "devices cannot move to another tailnet: delete the Connector and create it again")]
    [Description("Name of the Tailnet whose tailnet the devices join; the operator's own when left out. It cannot change.")]
    public string? Tailnet { get; init; }
}
