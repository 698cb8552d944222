namespace Fairlead.Operator.ServiceProxies;

/// <summary>What users write on Services. Wire contract with the upstream operator.</summary>
public static class ServiceAnnotations
{
    public const string Expose = "tailscale.com/expose";
    public const string Hostname = "tailscale.com/hostname";
    public const string Tags = "tailscale.com/tags";
    public const string TailnetIp = "tailscale.com/tailnet-ip";

    /// <summary>Deprecated spelling of <see cref="TailnetIp"/>, which wins.</summary>
    public const string TailnetTargetIp = "tailscale.com/ts-tailnet-target-ip";

    public const string TailnetFqdn = "tailscale.com/tailnet-fqdn";

    /// <summary>Label or annotation.</summary>
    public const string ProxyClass = "tailscale.com/proxy-class";

    /// <summary>Hands the Service to the ProxyGroup controllers.</summary>
    public const string ProxyGroup = "tailscale.com/proxy-group";
}
