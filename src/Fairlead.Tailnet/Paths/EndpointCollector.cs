using System.Net;
using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>Puts together where peers may reach us.</summary>
internal static class EndpointCollector
{
    /// <param name="port">Our UDP port.</param>
    /// <returns>Most likely first, each address once.</returns>
    public static IReadOnlyList<LocalEndpoint> Collect(
        IReadOnlyList<UdpAddress> configured, IReadOnlyList<IPAddress> interfaces, NetworkReport report, ushort port, bool hasIPv4, bool hasIPv6)
    {
        var found = new List<LocalEndpoint>();
        foreach (var address in configured)
            found.Add(new LocalEndpoint(address, EndpointType.Explicit));
        if (!report.MappedIPv4.IsNone)
        {
            found.Add(new LocalEndpoint(report.MappedIPv4, EndpointType.Stun));

            // A hard NAT gives each destination another port; one that an administrator forwards is most often the same as inside.
            if (report.MappingVaries == true)
                found.Add(new LocalEndpoint(report.MappedIPv4 with { Port = port }, EndpointType.Stun4LocalPort));
        }

        if (!report.MappedIPv6.IsNone)
            found.Add(new LocalEndpoint(report.MappedIPv6, EndpointType.Stun));
        foreach (var address in interfaces)
        {
            var local = UdpAddress.From(address, port) with { ScopeId = 0 };
            if (local.IsIPv4 ? hasIPv4 : hasIPv6)
                found.Add(new LocalEndpoint(local, EndpointType.Local));
        }

        return [.. found.DistinctBy(endpoint => endpoint.Address)];
    }
}
