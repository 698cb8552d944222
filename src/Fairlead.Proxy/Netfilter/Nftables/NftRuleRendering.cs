using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Says packet rules in nf_tables' language.</summary>
internal static class NftRuleRendering
{
    public static NftRule Render(PacketRule rule, string tailnetInterface)
    {
        var family = NftFamilies.Of(rule.Family);
        var word = family.Word();
        return rule switch
        {
            DestinationTranslation r => new NftRule(
                family,
                r.Purpose == TranslationPurpose.EgressPort ? NftBaseChain.ForService(r.Service) : NftBaseChain.Prerouting,
                Label(r, tailnetInterface),
                Text(r, word, tailnetInterface),
                [.. Expressions(r, tailnetInterface)]),
            SourceTranslation r => new NftRule(
                family,
                NftBaseChain.Postrouting,
                $"dst:{r.Destination},src:{r.Source}",
                $"{word} daddr {r.Destination} counter snat to {r.Source}",
                [.. NftExpression.DestinationIs(r.Destination), NftExpression.Counter(), .. NftExpression.TranslateSource(r.Source)]),
            SegmentSizeClamp => new NftRule(
                family,
                NftBaseChain.Clamp,
                $"{NftOwnership.LabelPrefix}clamp,interface:{tailnetInterface}",
                $"oifname \"{tailnetInterface}\" tcp flags syn counter tcp option maxseg size set rt mtu",
                [.. NftExpression.OutputIs(tailnetInterface), .. NftExpression.ClampSegmentSize()]),
            _ => throw new ArgumentOutOfRangeException(nameof(rule)),
        };
    }

    private static string Label(DestinationTranslation rule, string tailnetInterface) => rule.Purpose switch
    {
        TranslationPurpose.EgressPort =>
            $"svc:{rule.Service},targetIP:{rule.To}:matchPort:{rule.Ports!.Match},targetPort:{rule.Ports.Target},proto:{rule.Ports.ProtocolName}",
        TranslationPurpose.IngressService => $"svc:{rule.Service},VIP:{rule.SentTo},ClusterIP:{rule.To}",
        TranslationPurpose.Ingress => $"{NftOwnership.LabelPrefix}ingress,own:{rule.SentTo},to:{rule.To}",
        TranslationPurpose.IngressBackend => $"{NftOwnership.LabelPrefix}ingress,own:{rule.SentTo},backend:{rule.Share},to:{rule.To}",
        TranslationPurpose.Egress => $"{NftOwnership.LabelPrefix}egress,except:{tailnetInterface},to:{rule.To}",
        TranslationPurpose.ClusterTraffic => $"{NftOwnership.LabelPrefix}cluster,pod:{rule.SentTo},to:{rule.To}",
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    private static string Text(DestinationTranslation rule, string family, string tailnetInterface)
    {
        var parts = new List<string>();
        if (rule.SentTo is { } address)
        {
            parts.Add($"{family} daddr {address}");
        }

        if (rule.ExceptFromTailnet)
        {
            parts.Add($"iifname != \"{tailnetInterface}\"");
        }

        if (rule.Ports is { } ports)
        {
            parts.Add($"{ports.ProtocolName} dport {ports.Match}");
        }

        if (rule.Share is { OneIn: > 1 } share)
        {
            parts.Add($"numgen inc mod {share.OneIn} 0");
        }

        parts.Add($"counter dnat to {Destination(rule.To, rule.Ports?.Target)}");
        return string.Join(' ', parts);
    }

    private static string Destination(IPAddress address, ushort? port) => port is null
        ? address.ToString()
        : new IPEndPoint(address, port.Value).ToString();

    private static IEnumerable<NftExpression> Expressions(DestinationTranslation rule, string tailnetInterface) =>
    [
        .. rule.SentTo is { } address ? NftExpression.DestinationIs(address) : [],
        .. rule.ExceptFromTailnet ? NftExpression.InputIsNot(tailnetInterface) : [],
        .. rule.Ports is { } ports
            ? NftExpression.ProtocolIs(ports.Protocol == TransportProtocol.Tcp ? ProtocolType.Tcp : ProtocolType.Udp).Concat(NftExpression.DestinationPortIs(ports.Match))
            : [],
        .. rule.Share is { OneIn: > 1 } share ? NftExpression.OneIn((uint)share.OneIn) : [],
        NftExpression.Counter(),
        .. NftExpression.TranslateDestination(rule.To, rule.Ports?.Target),
    ];
}
