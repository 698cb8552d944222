using System.Collections.Immutable;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.Proxies;

/// <summary>One standalone proxy, as its parent asks for it.</summary>
public sealed record ProxySpec
{
    /// <summary>Name of the headless Service and the StatefulSet; see <see cref="ProxyNames"/>.</summary>
    public required string Name { get; init; }

    public required ProxyParent Parent { get; init; }

    public required string ParentUid { get; init; }

    public required ProxyTarget Target { get; init; }

    /// <summary>Ports of the cluster's side on which an unprivileged egress proxy listens.</summary>
    public ImmutableArray<EgressPort> EgressPorts { get; init; } = [];

    /// <summary>Names of the devices on the tailnet, one for each replica.</summary>
    public required ImmutableArray<string> Hostnames { get; init; }

    /// <summary>Name of the Tailnet object whose tailnet the devices join; empty: the operator's own.</summary>
    public string Tailnet { get; init; } = "";

    /// <summary>Where the devices log in.</summary>
    public required string LoginUrl { get; init; }

    /// <summary>Networks that the devices lead to, as CIDR texts.</summary>
    public ImmutableArray<string> AdvertiseRoutes { get; init; } = [];

    /// <summary>Whether the devices are app connectors.</summary>
    public bool IsAppConnector { get; init; }

    /// <summary>What the proxy serves over HTTP and HTTPS, as JSON; null: nothing.</summary>
    public byte[]? ServeConfig { get; init; }

    /// <summary>Whether what the proxy serves to the tailnet is served to the cluster as well, at the Pod's address.</summary>
    public bool ServesCluster { get; init; }

    /// <summary>Whether the proxy needs nothing of the kernel: it serves on the tailnet and calls from the Pod.</summary>
    public bool IsUserspace => ServeConfig is not null && !ServesCluster;

    /// <summary>Whether the proxy can serve metrics at the Pod's address, all traffic to which others forward to the target.</summary>
    public bool ServesMetrics => !Target.IsEgress && !ServesCluster;

    /// <summary>Tags of a new device; they have no effect on one that exists.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>Class that shapes the proxy; null: none.</summary>
    public ProxyClass? Class { get; init; }
}
