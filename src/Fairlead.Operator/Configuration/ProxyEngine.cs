namespace Fairlead.Operator.Configuration;

/// <summary>What carries the device of a proxy, and thereby what its Pod must be allowed to do.</summary>
public enum ProxyEngine
{
    /// <summary>Upstream's image: a tailscaled and the kernel's packet filter, in a privileged Pod.</summary>
    Tailscaled,

    /// <summary>Fairlead's image: a node in the proxy's own process, in a Pod that PodSecurity admits as <c>restricted</c>.</summary>
    Managed,
}
