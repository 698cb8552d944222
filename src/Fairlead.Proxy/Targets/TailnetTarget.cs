using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Devices;

namespace Fairlead.Proxy.Targets;

/// <summary>Finds the addresses that a name of the tailnet stands for, from what the device knows itself: no DNS query leaves the Pod.</summary>
public static class TailnetTarget
{
    /// <summary>
    /// A peer's MagicDNS name; else the name of a Tailscale Service that a peer serves. Letter case and a final dot do not matter.
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

        return device.ServiceRecords.TryGetValue(key, out var service) ? service : [];
    }
}
