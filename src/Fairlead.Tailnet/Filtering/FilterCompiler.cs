using System.Collections.Frozen;
using System.Globalization;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Filtering;

/// <summary>Turns the filter rules of a network map into a <see cref="FilterProgram"/>.</summary>
internal static class FilterCompiler
{
    private const string CapabilityPrefix = "cap:";

    /// <param name="own">Addresses of the node itself and its services.</param>
    /// <param name="beyond">What else packets may be for: the subnets it leads to.</param>
    /// <param name="shieldsUp">Lets peers begin nothing, whatever the rules say.</param>
    /// <param name="ignored">Told of each text in the rules that is no address; the rest of its rule holds.</param>
    public static FilterProgram Compile(
        IEnumerable<FilterRule> rules, IReadOnlyCollection<Node> peers, IEnumerable<AddressRange> own, AddressSet beyond, bool shieldsUp, Action<string> ignored)
    {
        var compiled = new List<CompiledRule>();
        var grants = new List<CompiledGrant>();
        foreach (var rule in rules)
        {
            var sources = AddressSet.Of(Sources(rule, peers, ignored));
            if (sources.IsEmpty)
            {
                continue;
            }

            if (rule.DstPorts.Count > 0 && !shieldsUp)
            {
                compiled.Add(new CompiledRule(
                    sources,
                    [.. Destinations(rule, ignored)],
                    rule.IPProto.Count == 0 ? ProtocolSet.Usual : ProtocolSet.Of(rule.IPProto)));
            }

            grants.AddRange(rule.CapGrant.Select(grant => new CompiledGrant(sources, AddressSet.Of(grant.Dsts.SelectMany(RangesOf)), Capabilities(grant))));
        }

        return new FilterProgram
        {
            Rules = [.. compiled],
            Grants = grants,
            Local = AddressSet.Of(own.Concat(beyond.Ranges)),
            Beyond = beyond,
            Jailed = peers.Where(peer => peer.IsJailed).Select(peer => peer.Key).ToFrozenSet(),
        };
    }

    public static AddressRange[] RangesOf(IPPrefix prefix)
    {
        if (prefix.IsNone)
        {
            return [];
        }

        var masked = prefix.Masked().Value;
        var hostBits = (prefix.IsIPv4 ? 32 : 128) - prefix.Bits;
        var first = prefix.IsIPv4 ? MappedAddress.Prefix | masked : masked;
        return AddressRange.OfFamily(prefix.IsIPv4, first, hostBits == 128 ? UInt128.MaxValue : first | ((UInt128.One << hostBits) - 1));
    }

    private static IEnumerable<AddressRange> Sources(FilterRule rule, IReadOnlyCollection<Node> peers, Action<string> ignored)
    {
        for (var i = 0; i < rule.SrcIPs.Count; i++)
        {
            var text = rule.SrcIPs[i];
            if (text.StartsWith(CapabilityPrefix, StringComparison.Ordinal))
            {
                var capability = text[CapabilityPrefix.Length..];
                foreach (var range in peers.Where(peer => peer.HasCapability(capability)).SelectMany(peer => peer.Addresses).SelectMany(RangesOf))
                {
                    yield return range;
                }

                continue;
            }

            foreach (var range in Parse(text, i < rule.SrcBits.Count ? rule.SrcBits[i] : null, ignored))
            {
                yield return range;
            }
        }
    }

    private static IEnumerable<FilterDestination> Destinations(FilterRule rule, Action<string> ignored)
    {
        foreach (var destination in rule.DstPorts)
        {
            foreach (var range in Parse(destination.IP, destination.Bits, ignored))
            {
                yield return new FilterDestination(range, destination.Ports.First, destination.Ports.Last);
            }
        }
    }

    private static AddressRange[] Parse(string text, int? bits, Action<string> ignored)
    {
        var whole = bits is null || text == "*" || text.Contains('/', StringComparison.Ordinal) ? text : string.Create(CultureInfo.InvariantCulture, $"{text}/{bits}");
        if (!AddressRange.TryParse(whole, out var ranges))
        {
            ignored(text);
        }

        return ranges;
    }

    private static List<KeyValuePair<string, IReadOnlyList<string>>> Capabilities(CapGrant grant) =>
    [
        .. grant.Caps.Select(name => KeyValuePair.Create<string, IReadOnlyList<string>>(name, [])),
        .. grant.CapMap.Select(entry => KeyValuePair.Create<string, IReadOnlyList<string>>(entry.Key, [.. entry.Value.Select(value => value.Text)])),
    ];
}
