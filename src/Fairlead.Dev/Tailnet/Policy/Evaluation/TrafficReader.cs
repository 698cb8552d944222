using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>Reads the ports and protocols of rules.</summary>
internal static class TrafficReader
{
    private const int Icmp = 1;

    // "icmp" speaks of both families: a rule that names a device names its IPv4 and its IPv6 address.
    private static readonly int[] BothIcmp = [Icmp, 58];

    // TCP, UDP, SCTP, and 0 for "not named".
    private static readonly int[] WithPorts = [0, 6, 17, 132];

    /// <summary>One entry: <c>*</c>, <c>443</c>, <c>80-90</c>, <c>tcp:443</c>, <c>icmp:*</c>.</summary>
    /// <param name="error">What is wrong if the result is null.</param>
    public static AllowedTraffic? Read(string text, out string? error)
    {
        error = null;
        if (!ProtoPortRange.TryParse(text, out var range))
        {
            error = $"\"{text}\" must be \"*\", ports such as 443 or 8000-8080, or these after a protocol as in tcp:443";
            return null;
        }
        if (range.Ports != PortRange.All && !WithPorts.Contains(range.Protocol))
        {
            error = $"\"{text}\" must end with \"*\": the protocol has no ports";
            return null;
        }
        return new AllowedTraffic(range.Protocol switch { 0 => [], Icmp => BothIcmp, var one => [one] }, range.Ports);
    }

    /// <summary>The ports behind an acl's target: one entry or several with commas.</summary>
    /// <param name="protocol">The acl's <c>proto</c>; null for none.</param>
    public static IReadOnlyList<AllowedTraffic>? ReadList(string ports, string? protocol, out string? error)
    {
        var all = new List<AllowedTraffic>();
        error = null;
        foreach (var part in ports.Split(','))
        {
            if (Read(protocol is null ? part : $"{protocol}:{part}", out error) is not { } traffic) return null;
            all.Add(traffic);
        }
        return all;
    }
}
