using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Services;

/// <summary>Ports of an IP protocol. As text <c>tcp:443</c>, <c>udp:1-1023</c>, <c>*</c>, or without the protocol when it is any.</summary>
/// <param name="Protocol">IP protocol number; 0 for any.</param>
[JsonConverter(typeof(ProtoPortRangeConverter))]
public readonly record struct ProtoPortRange(int Protocol, PortRange Ports)
{
    private static readonly (int Number, string Name)[] Names =
        [(1, "icmp"), (2, "igmp"), (4, "ipv4"), (6, "tcp"), (8, "egp"), (9, "igp"), (17, "udp"), (47, "gre"), (50, "esp"), (51, "ah"), (58, "ipv6-icmp"), (132, "sctp")];

    /// <summary>Every port of every protocol.</summary>
    public static ProtoPortRange Any { get; } = new(0, PortRange.All);

    public static ProtoPortRange Tcp(ushort port) => new(6, new PortRange(port, port));

    public static bool TryParse(string? text, out ProtoPortRange range)
    {
        range = default;
        if (string.IsNullOrEmpty(text)) return false;
        if (text == "*")
        {
            range = Any;
            return true;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var protocol = 0;
        if (colon >= 0 && !TryParseProtocol(text[..colon], out protocol)) return false;
        if (!TryParsePorts(text.AsSpan(colon + 1), out var ports)) return false;
        range = new ProtoPortRange(protocol, ports);
        return true;
    }

    public override string ToString()
    {
        var ports = Ports == PortRange.All ? "*"
            : Ports.First == Ports.Last ? Ports.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Ports.First}-{Ports.Last}");
        return Protocol == 0 ? ports : $"{NameOf(Protocol)}:{ports}";
    }

    private static string NameOf(int protocol)
    {
        foreach (var (number, name) in Names)
        {
            if (number == protocol) return name;
        }

        return protocol.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryParseProtocol(string text, out int protocol)
    {
        foreach (var (number, name) in Names)
        {
            if (!name.Equals(text, StringComparison.OrdinalIgnoreCase)) continue;
            protocol = number;
            return true;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out protocol) && protocol is > 0 and <= 255;
    }

    private static bool TryParsePorts(ReadOnlySpan<char> text, out PortRange ports)
    {
        ports = PortRange.All;
        if (text is "*") return true;
        var dash = text.IndexOf('-');
        var first = dash < 0 ? text : text[..dash];
        var last = dash < 0 ? text : text[(dash + 1)..];
        if (!ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            || from > to)
        {
            return false;
        }

        ports = new PortRange(from, to);
        return true;
    }
}
