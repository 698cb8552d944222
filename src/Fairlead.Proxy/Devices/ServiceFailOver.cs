namespace Fairlead.Proxy.Devices;

/// <summary>A Tailscale Service moves to another of its hosts when one withdraws.</summary>
internal static class ServiceFailOver
{
    /// <summary>The control plane needs as long to lead clients elsewhere; upstream's figure.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(20);
}
