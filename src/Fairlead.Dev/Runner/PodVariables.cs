namespace Fairlead.Dev.Runner;

/// <summary>
/// Variables by which a process learns that it is a Pod without namespaces of its own: what a container would find at fixed
/// paths, on any address and in <c>/etc/resolv.conf</c>, it finds where these say.
/// </summary>
public static class PodVariables
{
    /// <summary>
    /// Folder that stands for the container's root: a volume mounted at <c>/etc/app</c> is at <c>$FAIRLEAD_POD_ROOT/etc/app</c>,
    /// the ServiceAccount's token below <c>$FAIRLEAD_POD_ROOT/var/run/secrets/kubernetes.io/serviceaccount</c>.
    /// </summary>
    public const string Root = "FAIRLEAD_POD_ROOT";

    /// <summary>The Pod's own address. Servers listen on it instead of on all addresses, which they would share with other Pods.</summary>
    public const string Address = "FAIRLEAD_POD_IP";

    /// <summary>Address and port, as <c>127.64.0.10:10053</c>, of the DNS server that knows the cluster's names and all others.</summary>
    public const string Resolver = "FAIRLEAD_CLUSTER_DNS";

    /// <summary>
    /// Domains, separated by spaces, that the DNS server is asked for names that are not full ones in: the search list of a Pod's
    /// <c>/etc/resolv.conf</c>, which goes with the option <c>ndots:5</c>. Absent if there are none.
    /// </summary>
    public const string SearchList = "FAIRLEAD_CLUSTER_SEARCH";

    /// <summary>
    /// Number to add to ports below 1024 of ClusterIPs and Pods, whose own this process may not bind to; absent where it may.
    /// </summary>
    public const string LowPortOffset = "FAIRLEAD_LOW_PORT_OFFSET";
}
