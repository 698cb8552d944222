using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Operator.Resources.Connectors;

namespace Fairlead.Operator.Connectors;

/// <summary>The networks that a Connector's devices lead to.</summary>
internal static class ConnectorRoutes
{
    /// <summary>Networks below it stand for IPv4 networks of sites: 32 bits of site ID, then the IPv4 network (4via6).</summary>
    private static readonly IPNetwork Via = IPNetwork.Parse("fd7a:115c:a1e0:b1a::/64");

    private const int FirstSiteBit = 64;
    private const int FirstIPv4Bit = 96;

    /// <summary>Highest site ID that the control plane takes.</summary>
    private const uint LastSite = 0xffff;

    private static readonly IPNetwork[] Everything = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];

    /// <summary>Each once, the widest first, IPv4 before IPv6.</summary>
    public static ImmutableArray<string> Of(ConnectorSpec spec) =>
    [
        .. Given(spec).Routes
            .Select(route => IPNetwork.TryParse(route, out var network) ? network : (IPNetwork?)null)
            .OfType<IPNetwork>()
            .Concat(spec.ExitNode == true ? Everything : [])
            .Distinct()
            .OrderBy(network => network.PrefixLength)
            .ThenBy(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .ThenBy(network => Convert.ToHexString(network.BaseAddress.GetAddressBytes()), StringComparer.Ordinal)
            .Select(network => network.ToString()),
    ];

    /// <summary>What is wrong with the networks of a spec, each with field, value and remedy.</summary>
    public static IEnumerable<string> Violations(ConnectorSpec spec)
    {
        var (field, routes) = Given(spec);
        var parsed = new List<IPNetwork>();
        foreach (var route in routes)
        {
            if (Violation(route) is { } violation)
            {
                yield return $"{field}: {violation}";
            }
            else
            {
                parsed.Add(IPNetwork.Parse(route));
            }
        }

        if (Everything.Count(parsed.Contains) == 1)
        {
            yield return $"{field}: {Everything.Single(parsed.Contains)} without {Everything.Single(network => !parsed.Contains(network))} leads to "
                + "half of the internet; set spec.exitNode to true instead, or list both";
        }
    }

    private static (string Field, IReadOnlyList<string> Routes) Given(ConnectorSpec spec) =>
        spec.SubnetRouter is { } router ? ("spec.subnetRouter.advertiseRoutes", router.AdvertiseRoutes ?? [])
        : ("spec.appConnector.routes", spec.AppConnector?.Routes ?? []);

    private static string? Violation(string route)
    {
        if (!IPNetwork.TryParse(route, out var network))
        {
            var slash = route.IndexOf('/', StringComparison.Ordinal);
            return slash > 0
                && IPAddress.TryParse(route.AsSpan(0, slash), out var address)
                && int.TryParse(route.AsSpan(slash + 1), out var length)
                && length >= 0 && length <= address.GetAddressBytes().Length * 8
                    ? $"\"{route}\" has bits set beyond its prefix; write {Masked(address, length)}"
                    : $"\"{route}\" is no network; write one like 10.40.0.0/14 or fd00:1::/64";
        }

        return Via.Contains(network.BaseAddress) && network.PrefixLength >= Via.PrefixLength ? SiteViolation(route, network) : null;
    }

    private static string? SiteViolation(string route, IPNetwork network) =>
        network.PrefixLength < FirstIPv4Bit ? $"\"{route}\" is a 4via6 route of no single site; its prefix must have at least {FirstIPv4Bit} bits"
        : BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes().AsSpan(FirstSiteBit / 8)) is > LastSite and var site
            ? $"\"{route}\" is a 4via6 route of site {site}; sites go from 0 to {LastSite}"
        : null;

    private static IPNetwork Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
