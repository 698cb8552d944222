using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>
/// What <c>autogroup:internet</c> means: all addresses but those of private (RFC 1918, RFC 4193), shared (RFC 6598), link-local
/// (RFC 3927, RFC 4291), loopback and multicast networks.
/// </summary>
internal static class InternetRanges
{
    private static readonly IPPrefix[] Others =
    [
        .. new[]
        {
            "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        }.Select(text => IPPrefix.Parse(text)),
    ];

    private static readonly IPPrefix GlobalUnicast = IPPrefix.Parse("2000::/3");

    public static IReadOnlyList<string> All { get; } =
    [
        "0.0.0.0-9.255.255.255",
        "11.0.0.0-100.63.255.255",
        "100.128.0.0-126.255.255.255",
        "128.0.0.0-169.253.255.255",
        "169.255.0.0-172.15.255.255",
        "172.32.0.0-192.167.255.255",
        "192.169.0.0-223.255.255.255",
        "2000::/3",
    ];

    /// <summary>Is all of the prefix in the internet?</summary>
    public static bool Contain(IPPrefix prefix) => prefix.IsIPv4 ? !Others.Any(other => other.Overlaps(prefix)) : GlobalUnicast.Covers(prefix);
}
