using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>Says what the kernel must do so that traffic takes the desired ways.</summary>
internal static partial class PacketRulePlan
{
    /// <summary>Groups in the order in which they are to stand in their chains, each once.</summary>
    /// <exception cref="ForwardingException">A rule contradicts itself.</exception>
    public static ImmutableArray<PacketRuleGroup> Of(ImmutableArray<ForwardingRule> rules)
    {
        // A set each: several ways may need the same source, and all need the clamp.
        var translations = new List<PacketRuleGroup>();
        var sources = new List<SourceTranslation>();
        var clamps = new List<SegmentSizeClamp>();
        foreach (var rule in rules.Distinct())
        {
            Validate(rule);
            translations.Add(TranslationFor(rule));
            if (SourceFor(rule) is { } source && !sources.Contains(source))
            {
                sources.Add(source);
            }

            // What the cluster sends to the Pod ends in this Pod: nothing of it is forwarded.
            if (rule is not ForwardingRule.ClusterTraffic && new SegmentSizeClamp(FamilyOf(rule)) is var clamp && !clamps.Contains(clamp))
            {
                clamps.Add(clamp);
            }
        }

        return
        [
            .. translations,
            .. sources.Select(source => new PacketRuleGroup(First: true, [source])),
            .. clamps.Select(clamp => new PacketRuleGroup(First: false, [clamp])),
        ];
    }

    /// <summary>The rule in words, for errors.</summary>
    public static string Describe(ForwardingRule rule) => rule switch
    {
        ForwardingRule.IngressToAddress r => $"ingress from {r.Own} to {r.Destination}",
        ForwardingRule.IngressToBackends r => $"ingress from {r.Own} to backends {string.Join(", ", r.Backends)}",
        ForwardingRule.EgressToAddress r => $"egress as {r.Own} to {r.Target}",
        ForwardingRule.EgressPort r => $"egress service '{r.Service}' from {r.Protocol} port {r.MatchPort} as {r.Own} to {r.Target} port {r.TargetPort}",
        ForwardingRule.IngressService r => $"ingress service '{r.Service}' from {r.Vip} to {r.ClusterIp}",
        ForwardingRule.ClusterTraffic r => $"cluster traffic from {r.PodIp} to {r.Own}",
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    /// <summary>The address family that a valid rule is about.</summary>
    public static AddressFamily FamilyOf(ForwardingRule rule) => AddressesOf(rule)[0].AddressFamily;

    private static PacketRuleGroup TranslationFor(ForwardingRule rule) => rule switch
    {
        ForwardingRule.IngressToAddress r => new(First: true, [new DestinationTranslation(TranslationPurpose.Ingress, r.Destination) { SentTo = r.Own }]),
        ForwardingRule.IngressToBackends r => new(First: true, Backends(r)),
        ForwardingRule.EgressToAddress r => new(First: true, [new DestinationTranslation(TranslationPurpose.Egress, r.Target) { ExceptFromTailnet = true }]),
        ForwardingRule.EgressPort r => new(First: false,
        [
            new DestinationTranslation(TranslationPurpose.EgressPort, r.Target)
            {
                ExceptFromTailnet = true,
                Ports = new PortMap(r.Protocol, r.MatchPort, r.TargetPort),
                Service = r.Service,
            },
        ]),
        ForwardingRule.IngressService r => new(First: false,
            [new DestinationTranslation(TranslationPurpose.IngressService, r.ClusterIp) { SentTo = r.Vip, Service = r.Service }]),
        ForwardingRule.ClusterTraffic r => new(First: true, [new DestinationTranslation(TranslationPurpose.ClusterTraffic, r.Own) { SentTo = r.PodIp }]),
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    private static ImmutableArray<PacketRule> Backends(ForwardingRule.IngressToBackends rule)
    {
        // DNS servers rotate their answers; an order of our own keeps that from changing any rule.
        var backends = rule.Backends.Distinct().OrderBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal).ToList();
        return
        [
            .. backends.Select((backend, index) => new DestinationTranslation(TranslationPurpose.IngressBackend, backend)
            {
                SentTo = rule.Own,
                Share = new BackendShare(index, backends.Count),
            }),
        ];
    }

    private static SourceTranslation? SourceFor(ForwardingRule rule) => rule switch
    {
        ForwardingRule.EgressToAddress r => new(r.Target, r.Own),
        ForwardingRule.EgressPort r => new(r.Target, r.Own),
        _ => null,
    };

    private static void Validate(ForwardingRule rule)
    {
        var addresses = AddressesOf(rule);
        if (addresses.Skip(1).FirstOrDefault(address => address.AddressFamily != addresses[0].AddressFamily) is { } odd)
        {
            throw new ForwardingException($"The rule {Describe(rule)} mixes address families; give {odd} a partner of its own family.");
        }

        if (rule is ForwardingRule.IngressToBackends { Backends.Length: 0 })
        {
            throw new ForwardingException($"The rule {Describe(rule)} names no backend; leave it out until one is known.");
        }

        if (rule is ForwardingRule.EgressPort { MatchPort: 0 } or ForwardingRule.EgressPort { TargetPort: 0 })
        {
            throw new ForwardingException($"The rule {Describe(rule)} has port 0; ports are 1 to 65535.");
        }

        if (ServiceOf(rule) is { } service && !ServiceName().IsMatch(service))
        {
            throw new ForwardingException($"The rule {Describe(rule)} has a service name that cannot be written into rules; use letters, digits and '.', '_', ':', '/', '-', at most 130.");
        }
    }

    private static string? ServiceOf(ForwardingRule rule) => rule switch
    {
        ForwardingRule.EgressPort r => r.Service,
        ForwardingRule.IngressService r => r.Service,
        _ => null,
    };

    private static ImmutableArray<IPAddress> AddressesOf(ForwardingRule rule) => rule switch
    {
        ForwardingRule.IngressToAddress r => [r.Own, r.Destination],
        ForwardingRule.IngressToBackends r => [r.Own, .. r.Backends],
        ForwardingRule.EgressToAddress r => [r.Own, r.Target],
        ForwardingRule.EgressPort r => [r.Own, r.Target],
        ForwardingRule.IngressService r => [r.Vip, r.ClusterIp],
        ForwardingRule.ClusterTraffic r => [r.PodIp, r.Own],
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    // Namespace and name of a Service and what joins them have up to 127 characters. With its ports and addresses that stays below the
    // 255 characters of an iptables comment and the 256 bytes of nf_tables' user data.
    [GeneratedRegex(@"^[A-Za-z0-9._:/-]{1,130}\z")]
    private static partial Regex ServiceName();
}
