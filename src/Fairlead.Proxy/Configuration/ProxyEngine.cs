namespace Fairlead.Proxy.Configuration;

/// <summary>What carries a proxy's tailnet device.</summary>
public enum ProxyEngine
{
    /// <summary>A tailscaled from the image, supervised as a child process; kernel forwarding needs privileges.</summary>
    Tailscaled,

    /// <summary>A node in this process: no privileges, no TUN device, no packet filter of the kernel.</summary>
    Managed,
}
