using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Tailnet.Services;

/// <summary>What a service may look like.</summary>
internal static partial class VipServiceRules
{
    private const string AnyPort = "do-not-validate";

    /// <summary>Gives what is wrong; null if nothing is.</summary>
    public static string? Violation(TailnetService service)
    {
        if (!Name().IsMatch(service.Name)) return $"name \"{service.Name}\" must be \"svc:\" and a DNS label";
        if (service.Ports.Contains(AnyPort) ? service.Ports.Count > 1 : service.Ports.Count == 0)
        {
            return $"ports must name at least one port, or be \"{AnyPort}\" alone";
        }
        if (service.Ports.FirstOrDefault(port => port != AnyPort && !IsPort(port)) is { } bad)
        {
            return $"port \"{bad}\" must be like tcp:443 or tcp:8000-8080";
        }
        var families = service.Addresses
            .Select(a => IPAddress.TryParse(a, out var ip) ? ip.AddressFamily : AddressFamily.Unknown)
            .ToList();
        return families is [] or [AddressFamily.InterNetwork] or [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6]
            ? null
            : $"addrs [{string.Join(' ', service.Addresses)}] must be an IPv4 address, and after it may be an IPv6 address";
    }

    private static bool IsPort(string text)
    {
        var match = Port().Match(text);
        if (!match.Success) return false;
        var first = Number(match.Groups[1].Value);
        var last = match.Groups[2].Success ? Number(match.Groups[2].Value) : first;
        return first >= 1 && last <= ushort.MaxValue && first <= last;
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex("^svc:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Name();

    [GeneratedRegex("^(?:tcp|udp):([0-9]{1,5})(?:-([0-9]{1,5}))?$")]
    private static partial Regex Port();
}
