namespace Fairlead.Operator.Proxies;

/// <summary>Where a proxy forwards traffic to, and how its container is told. Environment and annotation names are wire contract.</summary>
/// <param name="EnvironmentVariable">Variable of the proxy container that holds the target; null where its configuration says all.</param>
/// <param name="Annotation">Annotation of the Pod template that repeats the target, so that a change rolls the Pod; null where none has to.</param>
/// <param name="App">Value of <c>TS_INTERNAL_APP</c>, which the proxy reports to the control plane.</param>
public sealed record ProxyTarget(string? EnvironmentVariable, string? Annotation, string App, string Value)
{
    private const string IngressApp = "k8s-operator-ingress-proxy";
    private const string EgressApp = "k8s-operator-egress-proxy";
    private const string LastSet = "tailscale.com/operator-last-set-";

    /// <summary>Tailnet to the cluster IP of a Service.</summary>
    public static ProxyTarget ClusterIp(string address) => new("TS_DEST_IP", LastSet + "cluster-ip", IngressApp, address);

    /// <summary>Tailnet to whatever a DNS name resolves to inside the cluster.</summary>
    public static ProxyTarget DnsName(string name) =>
        new("TS_EXPERIMENTAL_DEST_DNS_NAME", LastSet + "cluster-dns-name", IngressApp, name);

    /// <summary>Cluster to an address on the tailnet.</summary>
    public static ProxyTarget TailnetIp(string address) =>
        new("TS_TAILNET_TARGET_IP", LastSet + "ts-tailnet-target-ip", EgressApp, address);

    /// <summary>Cluster to a name on the tailnet; <paramref name="name"/> may lack the trailing dot.</summary>
    public static ProxyTarget TailnetFqdn(string name) =>
        new("TS_TAILNET_TARGET_FQDN", LastSet + "ts-tailnet-target-fqdn", EgressApp, name.EndsWith('.') ? name : name + ".");

    /// <summary>Tailnet to the Services that the serve configuration in the replica's Secret names.</summary>
    public static readonly ProxyTarget ServeConfig =
        new("TS_SERVE_CONFIG", null, "k8s-operator-ingress-resource", $"{Proxies.ServeConfig.Folder}/$(POD_NAME)/{Proxies.ServeConfig.Key}");

    /// <summary>Tailnet to the networks that the device advertises.</summary>
    public static readonly ProxyTarget Routes = new(null, null, "k8s-operator-connector-resource", "");

    public bool IsEgress => App == EgressApp;
}
