using System.Globalization;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.NetCheck;

/// <summary>What one round of probes found out about the network.</summary>
public sealed record NetworkReport
{
    /// <summary>Before anything was probed.</summary>
    public static NetworkReport None { get; } = new();

    /// <summary>Whether any STUN server answered.</summary>
    public bool UdpWorks => IPv4Works || IPv6Works;

    public bool IPv4Works { get; init; }

    public bool IPv6Works { get; init; }

    /// <summary>Whether there is an IPv6 socket at all.</summary>
    public bool HasIPv6 { get; init; }

    /// <summary>Our address as servers on IPv4 see it; none if unknown.</summary>
    public UdpAddress MappedIPv4 { get; init; }

    /// <summary>Our address as servers on IPv6 see it; none if unknown.</summary>
    public UdpAddress MappedIPv6 { get; init; }

    /// <summary>Whether two servers on IPv4 saw different addresses: a NAT that makes direct paths hard. Null if only one answered.</summary>
    public bool? MappingVaries { get; init; }

    /// <summary>By region ID; regions that answered in no way are missing.</summary>
    public IReadOnlyDictionary<int, RegionLatency> Latencies { get; init; } = new Dictionary<int, RegionLatency>();

    /// <summary>As the coordination server wants to hear it.</summary>
    /// <param name="home">The region chosen as home, 0 for none.</param>
    public NetInfo ToNetInfo(int home)
    {
        var latencies = new Dictionary<string, double>();
        foreach (var (region, latency) in Latencies)
        {
            Add(region, "v4", latency.IPv4 ?? latency.Https);
            Add(region, "v6", latency.IPv6);
        }

        return new NetInfo
        {
            MappingVariesByDestIP = MappingVaries,
            WorkingIPv6 = IPv6Works,
            OSHasIPv6 = HasIPv6,
            WorkingUDP = UdpWorks,
            PreferredDERP = home,
            DERPLatency = latencies,
        };

        void Add(int region, string family, TimeSpan? latency)
        {
            if (latency is { } value)
                latencies[string.Create(CultureInfo.InvariantCulture, $"{region}-{family}")] = value.TotalSeconds;
        }
    }
}
