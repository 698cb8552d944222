using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Devices;
using Fairlead.Tailnet.Names;

namespace Fairlead.Proxy.Targets;

/// <summary>Finds the addresses that a name of the tailnet stands for, from what the device knows itself: no DNS query leaves the Pod.</summary>
public static class TailnetTarget
{
    /// <summary>
    /// A peer's MagicDNS name; else the name of a Tailscale Service that a peer serves; else an address of a site ("4via6") that a peer leads
    /// to. Letter case and a final dot do not matter.
    /// </summary>
    /// <returns>Empty while the name is unknown.</returns>
    public static ImmutableArray<IPAddress> Resolve(string name, DeviceSnapshot device)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(device);
        var key = name.TrimEnd('.').ToLowerInvariant();
        if (device.Peers.TryGetValue(key, out var peer))
        {
            return peer;
        }

        if (device.ServiceRecords.TryGetValue(key, out var service))
        {
            return service;
        }

        var suffix = device.Fqdn.TrimEnd('.');
        suffix = suffix[(suffix.IndexOf('.', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        return SiteAddressName.TryParse(key, suffix, out var address) && device.SiteRoutes.Any(route => route.Contains(address)) ? [address] : [];
    }
}
