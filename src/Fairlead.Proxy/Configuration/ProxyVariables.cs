namespace Fairlead.Proxy.Configuration;

/// <summary>Names of the environment variables that set up a proxy: the contract with the operator and with upstream's image.</summary>
internal static class ProxyVariables
{
    public const string AuthKey = "TS_AUTHKEY";
    public const string AuthKeyOldName = "TS_AUTH_KEY";
    public const string ClientId = "TS_CLIENT_ID";
    public const string ClientSecret = "TS_CLIENT_SECRET";
    public const string IdToken = "TS_ID_TOKEN";
    public const string Audience = "TS_AUDIENCE";
    public const string Hostname = "TS_HOSTNAME";
    public const string Routes = "TS_ROUTES";
    public const string AcceptDns = "TS_ACCEPT_DNS";
    public const string ExtraArguments = "TS_EXTRA_ARGS";
    public const string DaemonArguments = "TS_TAILSCALED_EXTRA_ARGS";
    public const string Userspace = "TS_USERSPACE";
    public const string StateDirectory = "TS_STATE_DIR";
    public const string StateSecret = "TS_KUBE_SECRET";
    public const string Socket = "TS_SOCKET";
    public const string SocksServer = "TS_SOCKS5_SERVER";
    public const string HttpProxy = "TS_OUTBOUND_HTTP_PROXY_LISTEN";
    public const string AuthOnce = "TS_AUTH_ONCE";
    public const string ServeConfig = "TS_SERVE_CONFIG";
    public const string DestinationIp = "TS_DEST_IP";
    public const string DestinationName = "TS_EXPERIMENTAL_DEST_DNS_NAME";
    public const string TargetIp = "TS_TAILNET_TARGET_IP";
    public const string TargetName = "TS_TAILNET_TARGET_FQDN";
    public const string ConfigurationDirectory = "TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR";
    public const string ClusterTraffic = "EXPERIMENTAL_ALLOW_PROXYING_CLUSTER_TRAFFIC_VIA_INGRESS";
    public const string ForwardingOptimizations = "TS_EXPERIMENTAL_ENABLE_FORWARDING_OPTIMIZATIONS";
    public const string LocalAddress = "TS_LOCAL_ADDR_PORT";
    public const string HealthCheck = "TS_ENABLE_HEALTH_CHECK";
    public const string Metrics = "TS_ENABLE_METRICS";
    public const string OldHealthAddress = "TS_HEALTHCHECK_ADDR_PORT";
    public const string DebugAddress = "TS_DEBUG_ADDR_PORT";
    public const string EgressServices = "TS_EGRESS_PROXIES_CONFIG_PATH";
    public const string IngressServices = "TS_INGRESS_PROXIES_CONFIG_PATH";
    public const string CertificateShare = "TS_EXPERIMENTAL_CERT_SHARE";
    public const string ServiceAdvertisement = "TS_EXPERIMENTAL_SERVICE_AUTO_ADVERTISEMENT";
    public const string BootTimeout = "TS_BOOT_TIMEOUT";
    public const string FirewallMode = "TS_DEBUG_FIREWALL_MODE";
    public const string UdpPort = "PORT";
    public const string PodIp = "POD_IP";
    public const string PodIps = "POD_IPS";
    public const string PodName = "POD_NAME";
    public const string PodUid = "POD_UID";
    public const string KubernetesHost = "KUBERNETES_SERVICE_HOST";
    public const string AcmeDirectory = "TS_DEBUG_ACME_DIRECTORY_URL";
    public const string AcmeAccountSecret = "TS_ACME_ACCOUNT_SECRET_NAME";
    public const string AcmeAccountField = "TS_ACME_ACCOUNT_FIELD";
    public const string AcmeForceRenewal = "TS_DEBUG_ACME_FORCE_RENEWAL";

    /// <summary>Fairlead's own: <c>managed</c> or <c>tailscaled</c>; by default tailscaled where the image has one.</summary>
    public const string Engine = "FAIRLEAD_PROXY_ENGINE";

    /// <summary>
    /// Fairlead's own: ports, as <c>5432,53/udp</c>, that the managed engine listens on for egress. Without privileges a process cannot take
    /// whatever arrives at the Pod.
    /// </summary>
    public const string EgressPorts = "FAIRLEAD_EGRESS_PORTS";

    /// <summary>
    /// Set, with the four below, for Pods that run as plain processes of a machine: the folder that stands for the container's root, which
    /// is put before the absolute paths of mounted files.
    /// </summary>
    public const string PodRoot = "FAIRLEAD_POD_ROOT";

    /// <summary>The only address that servers of this Pod listen on: all others are shared with the machine and with other Pods.</summary>
    public const string PodAddress = "FAIRLEAD_POD_IP";

    /// <summary>Address and port of the DNS server that knows the cluster's names, in place of the system's resolver.</summary>
    public const string ClusterDns = "FAIRLEAD_CLUSTER_DNS";

    /// <summary>Domains, separated by spaces, that <see cref="ClusterDns"/> is asked for names that are not full ones in.</summary>
    public const string ClusterSearch = "FAIRLEAD_CLUSTER_SEARCH";

    /// <summary>Number to add to ports below 1024, of the cluster's addresses and of this Pod's: a machine's users may not listen on them.</summary>
    public const string LowPortOffset = "FAIRLEAD_LOW_PORT_OFFSET";
}
