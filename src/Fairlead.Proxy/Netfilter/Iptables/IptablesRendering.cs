using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Netfilter.Iptables;

/// <summary>Says packet rules in the language of iptables(8).</summary>
internal static class IptablesRendering
{
    public const string NatTable = "nat";
    public const string MangleTable = "mangle";
    public const string Prerouting = "PREROUTING";
    private const string Postrouting = "POSTROUTING";
    private const string Forward = "FORWARD";

    public static IEnumerable<IptablesRule> Render(PacketRule rule, string tailnetInterface) => rule switch
    {
        DestinationTranslation r => [new(NatTable, Prerouting, [.. Translation(r, tailnetInterface)])],
        SourceTranslation r =>
        [
            new(NatTable, Postrouting, ["-d", Host(r.Destination), .. Comment($"{IptablesOwnership.CommentPrefix}egress source"), "-j", "SNAT", "--to-source", r.Source.ToString()]),
        ],
        SegmentSizeClamp => [Clamp("-o", tailnetInterface), Clamp("-i", tailnetInterface)],
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    /// <summary>Words in the order in which iptables prints them.</summary>
    private static IEnumerable<string> Translation(DestinationTranslation rule, string tailnetInterface) =>
    [
        .. rule.SentTo is { } address ? ["-d", Host(address)] : Array.Empty<string>(),
        .. rule.ExceptFromTailnet ? ["!", "-i", tailnetInterface] : Array.Empty<string>(),
        .. rule.Ports is { } ports ? ["-p", ports.ProtocolName, "-m", ports.ProtocolName, "--dport", ports.Match.ToString()] : Array.Empty<string>(),
        .. rule.Share is { OneIn: > 1 } share
            ? ["-m", "statistic", "--mode", "nth", "--every", share.OneIn.ToString(), "--packet", "0"]
            : Array.Empty<string>(),
        .. Comment(CommentFor(rule)),
        "-j",
        "DNAT",
        "--to-destination",
        rule.Ports is { Target: var port } ? new IPEndPoint(rule.To, port).ToString() : rule.To.ToString(),
    ];

    private static string CommentFor(DestinationTranslation rule) => rule.Purpose switch
    {
        TranslationPurpose.EgressPort =>
            $"{rule.Service}:{rule.Ports!.ProtocolName}:{rule.Ports.Match} -> {rule.Ports.ProtocolName}:{rule.Ports.Target}",
        TranslationPurpose.IngressService => $"svc: {rule.Service}, {rule.SentTo} -> {rule.To}",
        TranslationPurpose.Ingress => $"{IptablesOwnership.CommentPrefix}ingress",
        TranslationPurpose.IngressBackend => $"{IptablesOwnership.CommentPrefix}ingress backend {rule.Share}",
        TranslationPurpose.Egress => $"{IptablesOwnership.CommentPrefix}egress",
        TranslationPurpose.ClusterTraffic => $"{IptablesOwnership.CommentPrefix}cluster traffic",
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    private static IptablesRule Clamp(string direction, string tailnetInterface) => new(
        MangleTable,
        Forward,
        [
            direction, tailnetInterface, "-p", "tcp", "-m", "tcp", "--tcp-flags", "SYN,RST", "SYN",
            .. Comment($"{IptablesOwnership.CommentPrefix}segment size"), "-j", "TCPMSS", "--clamp-mss-to-pmtu",
        ]);

    private static string[] Comment(string text) => ["-m", "comment", "--comment", text];

    private static string Host(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? $"{address}/32" : $"{address}/128";
}
