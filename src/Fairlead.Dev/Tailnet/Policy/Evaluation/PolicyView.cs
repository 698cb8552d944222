using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Filters;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>
/// A policy resolved for the devices there are: who sees whom, and the packet filter and attributes of each. Devices are named by
/// their position in the given list. Resolving takes time in proportion to rules × devices; after that each answer costs the
/// rules alone.
/// </summary>
internal sealed class PolicyView
{
    private readonly IReadOnlyList<PolicyNode> _nodes;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<IPPrefix>> _services;
    private readonly PolicyRules _policy;
    private readonly ResolvedRule[] _rules;

    /// <param name="services">Addresses of the services by name.</param>
    public PolicyView(PolicyRules policy, IReadOnlyList<PolicyNode> nodes, IReadOnlyDictionary<string, IReadOnlyList<IPPrefix>> services)
    {
        _policy = policy;
        _nodes = nodes;
        _services = services;
        _rules = [.. policy.Rules.Select(Resolve)];
    }

    /// <summary>Those whom the device may reach or who may reach it; it may itself be among them.</summary>
    public NodeSet VisibleTo(int node)
    {
        var visible = new NodeSet(_nodes.Count);
        foreach (var rule in _rules)
        {
            var isSource = rule.Sources[node];
            foreach (var (destination, nodes) in rule.Destinations)
            {
                if (destination.Selector.Kind == SelectorKind.Self)
                {
                    if (isSource && nodes[node]) AddSameUser(visible, node, nodes);
                    if (nodes[node]) AddSameUser(visible, node, rule.Sources);
                    continue;
                }
                if (isSource) visible.AddAll(nodes);
                if (nodes[node]) visible.AddAll(rule.Sources);
            }
        }
        return visible;
    }

    /// <summary>What the device shall let in.</summary>
    public IReadOnlyList<FilterRule> FilterOf(int node)
    {
        var rules = new List<FilterRule>();
        foreach (var rule in _rules)
        {
            foreach (var (destination, nodes) in rule.Destinations)
            {
                if (!nodes[node]) continue;
                var sources = destination.Selector.Kind == SelectorKind.Self ? SameUserAddresses(node, rule.Sources) : rule.SourceAddresses;
                if (sources.Count == 0) continue;
                AddTraffic(rules, sources, destination, node);
                if (rule.Capabilities.Count == 0) continue;
                rules.Add(new FilterRule
                {
                    SrcIPs = sources,
                    CapGrant = [new CapGrant { Dsts = GrantedAt(destination.Selector, node), CapMap = rule.Capabilities }],
                });
            }
        }
        return rules;
    }

    /// <summary>The device's own capabilities from <c>nodeAttrs</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RawJson>> AttributesOf(int node)
    {
        var attributes = new Dictionary<string, IReadOnlyList<RawJson>>();
        foreach (var rule in _policy.NodeAttributes.Where(rule => rule.Targets.Any(target => target.Names(_nodes[node]))))
        {
            foreach (var (name, values) in rule.Attributes)
            {
                attributes[name] = [.. attributes.GetValueOrDefault(name, []), .. values.Select(ToRaw)];
            }
        }
        return attributes;
    }

    private ResolvedRule Resolve(PolicyRule rule)
    {
        var sources = new NodeSet(_nodes.Count);
        var addresses = new List<string>();
        foreach (var selector in rule.Sources)
        {
            if (selector.Kind == SelectorKind.Everything) addresses.Add("*");
            addresses.AddRange(selector.Prefixes.Select(PrefixText.Short));
            for (var i = 0; i < _nodes.Count; i++)
            {
                if (selector.Names(_nodes[i]))
                {
                    sources.Add(i);
                    if (selector.Kind != SelectorKind.Everything) addresses.AddRange(_nodes[i].Addresses.Select(PrefixText.Short));
                }
                else if (selector.Prefixes.Any(p => _nodes[i].HasAddressIn(p) || _nodes[i].RoutesTo(p)))
                {
                    sources.Add(i);
                }
            }
        }
        return new ResolvedRule(
            sources,
            [.. addresses.Distinct()],
            [.. rule.Destinations.Select(d => (d, Where(node => IsAt(d.Selector, node))))],
            rule.Capabilities.ToDictionary(c => c.Key, c => (IReadOnlyList<RawJson>)[.. c.Value.Select(ToRaw)]));
    }

    private NodeSet Where(Func<PolicyNode, bool> condition)
    {
        var set = new NodeSet(_nodes.Count);
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (condition(_nodes[i])) set.Add(i);
        }
        return set;
    }

    /// <summary>Do packets to the destination come to this device?</summary>
    private bool IsAt(PolicySelector destination, PolicyNode node) => destination.Kind switch
    {
        SelectorKind.Self => !node.IsTagged,
        SelectorKind.Internet => node.IsExitNode,
        SelectorKind.Service => node.Services.Contains(destination.Text),
        SelectorKind.Prefixes => destination.Prefixes.Any(p => node.IsExitNode || node.HasAddressIn(p) || node.RoutesTo(p) || HostsAddressIn(node, p)),
        _ => destination.Names(node),
    };

    private bool HostsAddressIn(PolicyNode node, IPPrefix prefix) => node.Services.Any(name => AddressesOf(name).Any(a => a.Overlaps(prefix)));

    private void AddTraffic(List<FilterRule> rules, IReadOnlyList<string> sources, RuleDestination destination, int node)
    {
        var targets = TargetsAt(destination.Selector, node);
        foreach (var group in destination.Traffic.GroupBy(traffic => string.Join(',', traffic.Protocols)))
        {
            rules.Add(new FilterRule
            {
                SrcIPs = sources,
                DstPorts = [.. group.SelectMany(traffic => targets.Select(ip => new NetPortRange { IP = ip, Ports = traffic.Ports }))],
                IPProto = group.First().Protocols,
            });
        }
    }

    private IEnumerable<string> TargetsAt(PolicySelector destination, int node) => destination.Kind switch
    {
        SelectorKind.Everything => ["*"],
        SelectorKind.Internet => InternetRanges.All,
        SelectorKind.Service => AddressesOf(destination.Text).Select(PrefixText.Short),
        SelectorKind.Prefixes => destination.Prefixes.Select(PrefixText.Short),
        _ => _nodes[node].Addresses.Select(PrefixText.Short),
    };

    // Capabilities are held toward addresses of the device itself and of the services it hosts.
    private IReadOnlyList<IPPrefix> GrantedAt(PolicySelector destination, int node) => destination.Kind switch
    {
        SelectorKind.Service => AddressesOf(destination.Text),
        SelectorKind.Prefixes => destination.Prefixes,
        SelectorKind.Everything => [.. _nodes[node].Addresses, .. _nodes[node].Services.SelectMany(AddressesOf)],
        _ => _nodes[node].Addresses,
    };

    private IReadOnlyList<IPPrefix> AddressesOf(string service) => _services.GetValueOrDefault(service, []);

    private List<string> SameUserAddresses(int node, NodeSet among)
    {
        var same = new NodeSet(_nodes.Count);
        AddSameUser(same, node, among);
        return [.. Enumerable.Range(0, _nodes.Count).Where(i => same[i]).SelectMany(i => _nodes[i].Addresses).Select(PrefixText.Short)];
    }

    private void AddSameUser(NodeSet set, int node, NodeSet among)
    {
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (among[i] && !_nodes[i].IsTagged && _nodes[i].User.Equals(_nodes[node].User, StringComparison.OrdinalIgnoreCase)) set.Add(i);
        }
    }

    private static RawJson ToRaw(JsonElement value) => new(value.GetRawText());

    private sealed record ResolvedRule(
        NodeSet Sources,
        IReadOnlyList<string> SourceAddresses,
        IReadOnlyList<(RuleDestination Destination, NodeSet Nodes)> Destinations,
        IReadOnlyDictionary<string, IReadOnlyList<RawJson>> Capabilities);
}
