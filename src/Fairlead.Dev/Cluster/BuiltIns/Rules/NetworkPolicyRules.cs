using System.Net;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>NetworkPolicies.</summary>
internal static class NetworkPolicyRules
{
    public static void Prepare(JsonObject policy, JsonObject? old)
    {
        var spec = policy.Ensure("spec");
        if (spec.Array("policyTypes") is { Count: > 0 })
            return;
        spec["policyTypes"] = spec.Array("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
    }

    public static void Check(JsonObject policy, JsonObject? old, Problems problems)
    {
        var spec = policy.Object("spec") ?? [];
        SelectorRules.Selector(spec.Object("podSelector"), "spec.podSelector", problems);
        foreach (var (direction, peers) in (ReadOnlySpan<(string, string)>)[("ingress", "from"), ("egress", "to")])
        {
            foreach (var (i, rule) in spec.Indexed(direction))
                CheckRule(rule, peers, $"spec.{direction}[{i}]", problems);
        }

        foreach (var (type, i) in spec.Texts("policyTypes").Select((t, i) => (t, i)))
        {
            if (type is not ("Ingress" or "Egress"))
                problems.NotSupported($"spec.policyTypes[{i}]", type, "Egress", "Ingress");
        }
    }

    private static void CheckRule(JsonObject rule, string peers, string path, Problems problems)
    {
        foreach (var (i, port) in rule.Indexed("ports"))
        {
            if (port.Integer("port") is { } number)
                problems.Check($"{path}.ports[{i}].port", number, Names.PortNumber(number));
            else if (port.Text("port") is { } name)
                problems.Check($"{path}.ports[{i}].port", name, Names.PortName(name));
            if (port.Integer("endPort") is { } end && (port.Integer("port") is not { } start || end < start))
                problems.Invalid($"{path}.ports[{i}].endPort", end, "must be greater than or equal to `port`");
        }

        foreach (var (i, peer) in rule.Indexed(peers))
            CheckPeer(peer, $"{path}.{peers}[{i}]", problems);
    }

    private static void CheckPeer(JsonObject peer, string path, Problems problems)
    {
        if (peer.Count == 0)
            problems.Required(path, "must specify a peer");
        foreach (var name in (ReadOnlySpan<string>)["podSelector", "namespaceSelector"])
            SelectorRules.Selector(peer.Object(name), $"{path}.{name}", problems);
        if (peer.Object("ipBlock") is not { } block)
            return;

        if (peer.Count > 1)
            problems.Forbidden(path, "may not specify both ipBlock and another peer");
        if (!IPNetwork.TryParse(block.Text("cidr"), out var network))
        {
            problems.Invalid($"{path}.ipBlock.cidr", block["cidr"] ?? "", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            return;
        }

        foreach (var (except, i) in block.Texts("except").Select((e, i) => (e, i)))
        {
            if (!IPNetwork.TryParse(except, out var hole) || !network.Contains(hole.BaseAddress) || hole.PrefixLength <= network.PrefixLength)
                problems.Invalid($"{path}.ipBlock.except[{i}]", except, "must be a strict subset of `cidr`");
        }
    }
}
