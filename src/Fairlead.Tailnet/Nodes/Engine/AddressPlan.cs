using System.Net;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>Addresses that mean the same in every tailnet.</summary>
internal static class AddressPlan
{
    /// <summary>Where MagicDNS answers.</summary>
    public static readonly IPAddress[] MagicDns = [IPAddress.Parse("100.100.100.100"), IPAddress.Parse("fd7a:115c:a1e0::53")];

    /// <summary>Nodes' and services' addresses.</summary>
    public static readonly IPNetwork[] Tailnet = [IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fd7a:115c:a1e0::/48")];
}
