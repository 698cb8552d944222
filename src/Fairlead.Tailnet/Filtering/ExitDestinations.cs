using System.Net;

namespace Fairlead.Tailnet.Filtering;

/// <summary>
/// What an exit node's default routes lead to: the internet. The machine itself, the networks it is in and the tailnet are none of it;
/// who means a private network names it as a subnet route.
/// </summary>
internal static class ExitDestinations
{
    private static readonly string[] Private4 =
    [
        "0.0.0.0/8", // this host (RFC 1122, 3.2.1.3); connecting to it leads to loopback
        "10.0.0.0/8", // RFC 1918
        "100.64.0.0/10", // the tailnet, and carriers' own (RFC 6598)
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3", // multicast, reserved, broadcast
    ];

    // IPv4 in its mapped form lies in ::/64, as loopback does (RFC 4291, 2.5): a route for IPv6 says nothing about IPv4.
    private static readonly string[] Private6 =
    [
        "::/64",
        "fc00::/7", // RFC 4193; the tailnet's too
        "fe80::/10",
        "ff00::/8",
    ];

    public static readonly AddressRange[] IPv4 = [.. Without("0.0.0.0/0", Private4)];

    public static readonly AddressRange[] IPv6 = [.. Without("::/0", Private6)];

    private static IEnumerable<AddressRange> Without(string all, string[] excluded)
    {
        var (first, last) = AddressRange.Of(IPNetwork.Parse(all));
        foreach (var gap in excluded.Select(text => AddressRange.Of(IPNetwork.Parse(text))))
        {
            if (first < gap.First)
            {
                yield return new AddressRange(first, gap.First - 1);
            }

            if (gap.Last == last)
            {
                yield break;
            }

            first = gap.Last + 1;
        }

        yield return new AddressRange(first, last);
    }
}
