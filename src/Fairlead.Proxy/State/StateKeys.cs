namespace Fairlead.Proxy.State;

/// <summary>Keys of a proxy's state Secret that the operator reads or writes: the contract between the two.</summary>
internal static class StateKeys
{
    public const string AuthKey = "authkey";
    public const string DeviceId = "device_id";
    public const string DeviceFqdn = "device_fqdn";
    public const string DeviceIps = "device_ips";
    public const string HttpsEndpoint = "https_endpoint";
    public const string PodUid = "pod_uid";
    public const string CapabilityVersion = "tailscale_capver";
    public const string ReissueAuthKey = "reissue_authkey";
    public const string EgressServices = "egress-services";
    public const string IngressConfig = "ingress-config.json";
}
