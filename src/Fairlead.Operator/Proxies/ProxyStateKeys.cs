namespace Fairlead.Operator.Proxies;

/// <summary>Keys that a proxy writes into its Secret. Wire contract with the proxy container.</summary>
public static class ProxyStateKeys
{
    /// <summary>Stable node ID, written as soon as the device is registered.</summary>
    public const string DeviceId = "device_id";

    /// <summary>MagicDNS name with a trailing dot, written once forwarding works.</summary>
    public const string DeviceFqdn = "device_fqdn";

    /// <summary>JSON array of tailnet addresses, written together with the name.</summary>
    public const string DeviceIps = "device_ips";

    /// <summary>The auth key that the control plane refused.</summary>
    public const string ReissueAuthKey = Identity.ReplicaKey.RequestKey;

    /// <summary>Name under which the proxy serves HTTPS, or <see cref="NoHttps"/>.</summary>
    public const string HttpsEndpoint = "https_endpoint";

    /// <summary>Value of <see cref="HttpsEndpoint"/> where the tailnet gives no certificates.</summary>
    public const string NoHttps = "no-https";

    public const string PodUid = "pod_uid";

    public const string CapabilityVersion = "tailscale_capver";
}
