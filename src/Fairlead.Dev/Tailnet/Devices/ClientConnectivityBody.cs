using Fairlead.Tailnet.Protocol.Control.Hosts;

namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>How a device can be reached, in answers.</summary>
/// <param name="Endpoints">Address and port each.</param>
/// <param name="MappingVariesByDestIP">Null if unknown.</param>
/// <param name="ClientSupports">What its network gives it; null values are unknown.</param>
internal sealed record ClientConnectivityBody(
    IReadOnlyList<string> Endpoints, bool? MappingVariesByDestIP, IReadOnlyDictionary<string, bool?> ClientSupports)
{
    public static ClientConnectivityBody Of(DeviceNode node)
    {
        var network = node.Hostinfo.NetInfo ?? new NetInfo();
        return new ClientConnectivityBody(
            [.. node.Endpoints.Select(endpoint => endpoint.ToString())],
            network.MappingVariesByDestIP,
            new Dictionary<string, bool?>
            {
                ["ipv6"] = network.WorkingIPv6,
                ["udp"] = network.WorkingUDP,
                ["upnp"] = network.UPnP,
                ["pmp"] = network.PMP,
                ["pcp"] = network.PCP,
            });
    }
}
