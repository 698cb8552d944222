using System.Collections.Immutable;

namespace Fairlead.Operator.Configuration;

/// <summary>What the operator is told by its environment; see <see cref="OperatorEnvironment"/> for the variables.</summary>
public sealed record OperatorSettings
{
    /// <summary>Namespace of the operator and of everything it creates.</summary>
    public required string Namespace { get; init; }

    /// <summary>Base of the control plane's API and log-in URL of proxies, without trailing slash; empty: Tailscale's own.</summary>
    public string LoginServer { get; init; } = "";

    public string ProxyImage { get; init; } = "tailscale/tailscale:latest";

    /// <summary>What proxies run; <see cref="ProxyImage"/> has to be an image of it.</summary>
    public ProxyEngine ProxyEngine { get; init; }

    public string ProxyPriorityClassName { get; init; } = "";

    /// <summary>Tags of proxies whose parent names none.</summary>
    public ImmutableArray<string> ProxyTags { get; init; } = ["tag:k8s"];

    /// <summary><c>auto</c>, <c>nftables</c>, <c>iptables</c>, empty, or something invalid, which each Service reports.</summary>
    public string ProxyFirewallMode { get; init; } = "";

    /// <summary>ProxyClass of Services that choose none; empty: no class.</summary>
    public string ProxyDefaultClass { get; init; } = "";

    /// <summary>The operator's own ServiceAccount, whose tokens prove its federated identities in the tailnets that ask for one.</summary>
    public string ServiceAccountName { get; init; } = "operator";

    /// <summary>Whether LoadBalancer Services without a class are handled.</summary>
    public bool DefaultLoadBalancer { get; init; }

    /// <summary>Cluster's DNS domain, as egress Services are pointed at <c>name.namespace.svc.domain</c>.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Tailscale's control server, which is also the default base of its API for operators.</summary>
    public const string DefaultLoginServer = "https://controlplane.tailscale.com";

    /// <summary>The URL written into the configuration of proxies.</summary>
    public string LoginUrl => LoginServer.Length == 0 ? DefaultLoginServer : LoginServer;
}
