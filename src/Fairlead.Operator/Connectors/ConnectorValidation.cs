using System.Collections.Immutable;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Resources.Connectors;

namespace Fairlead.Operator.Connectors;

/// <summary>
/// Everything that is wrong with a Connector, each with the field and what to write instead. What the definition's rules exclude is looked at
/// again, as the cluster may have an older definition.
/// </summary>
internal static class ConnectorValidation
{
    public static ImmutableArray<string> Violations(Connector connector, OperatorSettings settings)
    {
        var spec = connector.Spec ?? new ConnectorSpec();
        var found = ImmutableArray.CreateBuilder<string>();
        var leads = spec.SubnetRouter is not null || spec.ExitNode == true;
        if (!leads && spec.AppConnector is null)
        {
            found.Add("spec: it leads nowhere; set at least one of subnetRouter, exitNode and appConnector");
        }

        if (leads && spec.AppConnector is not null)
        {
            found.Add("spec.appConnector: an app connector is neither subnet router nor exit node; remove it, or make it a Connector of its own");
        }

        if (spec.Hostname is not null && spec.Replicas > 1)
        {
            found.Add("spec.hostname: several replicas cannot share one hostname; set spec.hostnamePrefix instead");
        }

        if (spec.Hostname is not null && spec.HostnamePrefix is not null)
        {
            found.Add("spec.hostnamePrefix: set one of this and spec.hostname");
        }

        if (spec.AppConnector is not null && settings.ProxyEngine == ProxyEngine.Managed)
        {
            found.Add("spec.appConnector: the managed engine looks up no domains for peers; use a subnet router, or an operator with FAIRLEAD_PROXY_ENGINE=tailscaled");
        }

        found.AddRange(ConnectorRoutes.Violations(spec));
        return found.ToImmutable();
    }
}
