using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Tests.Netfilter.Planning;

/// <summary>One rule of each kind and family, for golden tests of both languages.</summary>
internal static class DesiredRules
{
    public static ImmutableArray<ForwardingRule> OfEachKind { get; } =
    [
        new ForwardingRule.IngressToAddress(IP("100.64.0.1"), IP("10.96.0.10")),
        new ForwardingRule.IngressToBackends(IP("fd7a::1"), [IP("fd00::5"), IP("fd00::3"), IP("fd00::4"), IP("fd00::3")]),
        new ForwardingRule.EgressToAddress(IP("100.64.0.1"), IP("100.64.0.9")),
        new ForwardingRule.EgressPort("default-db", TransportProtocol.Tcp, 10_001, IP("100.64.0.1"), IP("100.64.0.9"), 5432),
        new ForwardingRule.EgressPort("default-db", TransportProtocol.Udp, 10_002, IP("fd7a::1"), IP("fd7a::9"), 53),
        new ForwardingRule.IngressService("svc:web", IP("100.99.0.5"), IP("10.96.0.11")),
        new ForwardingRule.ClusterTraffic(IP("10.244.0.2"), IP("100.64.0.1")),
    ];

    public static IPAddress IP(string text) => IPAddress.Parse(text);
}
