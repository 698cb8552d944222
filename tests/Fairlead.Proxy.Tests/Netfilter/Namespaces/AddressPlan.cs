using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Tests.Netfilter.Namespaces;

/// <summary>The addresses of <see cref="ProxyNetwork"/> in one family.</summary>
internal sealed record AddressPlan
{
    public static AddressPlan IPv4 { get; } = new()
    {
        Own = IPAddress.Parse("100.64.0.1"),
        Peer = IPAddress.Parse("100.64.0.9"),
        Vip = IPAddress.Parse("100.99.0.5"),
        Pod = IPAddress.Parse("10.244.0.2"),
        Backends = [IPAddress.Parse("10.244.0.3"), IPAddress.Parse("10.244.0.4"), IPAddress.Parse("10.244.0.5")],
        ClusterIp = IPAddress.Parse("10.96.0.10"),
        TailnetPrefix = 10,
        PodPrefix = 24,
        HostPrefix = 32,
    };

    public static AddressPlan IPv6 { get; } = new()
    {
        Own = IPAddress.Parse("fd7a:115c:a1e0::1"),
        Peer = IPAddress.Parse("fd7a:115c:a1e0::9"),
        Vip = IPAddress.Parse("fd7a:115c:a1e0:ab::5"),
        Pod = IPAddress.Parse("fd00:244::2"),
        Backends = [IPAddress.Parse("fd00:244::3"), IPAddress.Parse("fd00:244::4"), IPAddress.Parse("fd00:244::5")],
        ClusterIp = IPAddress.Parse("fd00:96::10"),
        TailnetPrefix = 48,
        PodPrefix = 64,
        HostPrefix = 128,
    };

    public static ImmutableArray<AddressPlan> All { get; } = [IPv4, IPv6];

    public required IPAddress Own { get; init; }

    /// <summary>Another node of the tailnet.</summary>
    public required IPAddress Peer { get; init; }

    /// <summary>Of a Tailscale Service.</summary>
    public required IPAddress Vip { get; init; }

    public required IPAddress Pod { get; init; }

    /// <summary>Other Pods; the first is what connections from the cluster come from.</summary>
    public required ImmutableArray<IPAddress> Backends { get; init; }

    public required IPAddress ClusterIp { get; init; }

    public required int TailnetPrefix { get; init; }

    public required int PodPrefix { get; init; }

    public required int HostPrefix { get; init; }

    public static AddressPlan Of(string family) => family == "IPv4" ? IPv4 : IPv6;
}
