using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>
/// Reads a policy whose form was checked. What would narrow a rule and is not evaluated here is refused by name, as leaving it
/// out would allow too much; what only has no effect becomes a warning.
/// </summary>
internal sealed class PolicyReader
{
    private static readonly string[] WithoutEffect = ["ssh", "sshTests", "derpMap", "OneCGNATRoute", "postures"];

    private static readonly Dictionary<string, IReadOnlyList<JsonElement>> NoCapabilities = [];

    private readonly List<PolicyFinding> _findings = [];
    private readonly List<string> _warnings = [];
    private readonly JsonElement _policy;
    private readonly SelectorReader _selectors;

    private PolicyReader(JsonElement policy, IReadOnlyList<string> administrators)
    {
        _policy = policy;
        var hosts = ReadHosts();
        _selectors = new SelectorReader(ReadGroups(), hosts, ReadIpSets(hosts), administrators);
    }

    /// <param name="administrators">Login names of the users whom <c>autogroup:admin</c> means.</param>
    /// <returns>The rules; null if there are findings.</returns>
    public static PolicyRules? Read(JsonElement policy, IReadOnlyList<string> administrators, out IReadOnlyList<PolicyFinding> findings)
    {
        var reader = new PolicyReader(policy, administrators);
        var rules = reader.Read();
        findings = reader._findings;
        return findings.Count == 0 ? rules : null;
    }

    private PolicyRules Read()
    {
        foreach (var name in WithoutEffect)
        {
            if (Section(name) is not null) _warnings.Add($"\"{name}\" has no effect in the embedded control plane");
        }
        foreach (var name in (ReadOnlySpan<string>)["defaultSrcPosture", "disableIPv4", "extraDNSRecords"])
        {
            if (Section(name) is { } section && !IsEmpty(section)) Report(name, "is not supported by the embedded control plane");
        }
        return new PolicyRules
        {
            Rules = [.. Items(Section("acls")).Select(ReadAcl), .. Items(Section("grants")).Select(ReadGrant)],
            NodeAttributes = [.. Items(Section("nodeAttrs")).Select(ReadNodeAttributes), .. RandomPort()],
            AutoApprovers = ReadAutoApprovers(),
            TagOwners = Members(Section("tagOwners")).ToDictionary(
                tag => tag.Name, tag => Selectors(tag.Value, SelectorReader.Owners, "tagOwners")),
            Warnings = _warnings,
            Selectors = _selectors,
        };
    }

    private PolicyRule ReadAcl(JsonElement acl)
    {
        RefuseFields(acl, "acls", "srcPosture");
        var protocol = Text(acl, "proto") is { Length: > 0 } proto ? proto : null;
        var destinations = new List<RuleDestination>();
        foreach (var target in Strings(acl, "dst"))
        {
            var colon = target.LastIndexOf(':');
            var selector = Selector(Unbracketed(target[..colon]), SelectorReader.Destinations, "acls");
            var traffic = TrafficReader.ReadList(target[(colon + 1)..], protocol, out var error);
            if (traffic is null) Report("acls", error!);
            else if (selector is not null) destinations.Add(new RuleDestination(selector, traffic));
        }
        return new PolicyRule(Selectors(Field(acl, "src"), SelectorReader.Sources, "acls"), destinations, NoCapabilities);
    }

    private PolicyRule ReadGrant(JsonElement grant)
    {
        RefuseFields(grant, "grants", "srcPosture", "via");
        var traffic = new List<AllowedTraffic>();
        foreach (var entry in Strings(grant, "ip"))
        {
            if (TrafficReader.Read(entry, out var error) is { } read) traffic.Add(read);
            else Report("grants", error!);
        }
        return new PolicyRule(
            Selectors(Field(grant, "src"), SelectorReader.Sources, "grants"),
            [.. Selectors(Field(grant, "dst"), SelectorReader.Destinations, "grants").Select(s => new RuleDestination(s, traffic))],
            Capabilities(Field(grant, "app"), "grants"));
    }

    private NodeAttributeRule ReadNodeAttributes(JsonElement rule)
    {
        RefuseFields(rule, "nodeAttrs", "ipPool");
        var attributes = Capabilities(Field(rule, "app"), "nodeAttrs").ToDictionary();
        foreach (var name in Strings(rule, "attr")) attributes.TryAdd(name, []);
        return new NodeAttributeRule(Selectors(Field(rule, "target"), SelectorReader.Targets, "nodeAttrs"), attributes);
    }

    private IEnumerable<NodeAttributeRule> RandomPort()
    {
        if (Section("randomizeClientPort") is { ValueKind: JsonValueKind.True })
        {
            var attribute = new Dictionary<string, IReadOnlyList<JsonElement>> { ["randomize-client-port"] = [] };
            yield return new NodeAttributeRule([new PolicySelector(SelectorKind.Everything, "*")], attribute);
        }
    }

    private AutoApprovers ReadAutoApprovers()
    {
        const string Name = "autoApprovers";
        if (Section(Name) is not { ValueKind: JsonValueKind.Object } section) return new AutoApprovers();
        foreach (var unknown in section.EnumerateObject().Where(field => !IsOneOf(field.Name, "routes", "exitNode", "services")))
        {
            Report(Name, $"unknown field \"{unknown.Name}\"");
        }
        var routes = new List<(IPPrefix, IReadOnlyList<PolicySelector>)>();
        foreach (var route in Members(Field(section, "routes")))
        {
            var approvers = Selectors(route.Value, SelectorReader.Owners, Name);
            if (PrefixText.TryParse(route.Name, out var network)) routes.Add((network, approvers));
            else Report(Name, $"\"{route.Name}\" is not an address or a CIDR");
        }
        return new AutoApprovers
        {
            Routes = routes,
            ExitNode = Selectors(Field(section, "exitNode"), SelectorReader.Owners, Name),
            Services = Members(Field(section, "services")).ToDictionary(s => s.Name, s => Selectors(s.Value, SelectorReader.Owners, Name)),
        };
    }

    private Dictionary<string, IReadOnlyList<string>> ReadGroups() =>
        Members(Section("groups")).ToDictionary(group => group.Name, group => Strings(group.Value));

    private Dictionary<string, IReadOnlyList<IPPrefix>> ReadHosts()
    {
        var hosts = new Dictionary<string, IReadOnlyList<IPPrefix>>();
        foreach (var host in Members(Section("hosts")))
        {
            if (host.Value.ValueKind == JsonValueKind.String && PrefixText.TryParse(host.Value.GetString()!, out var network))
            {
                hosts[host.Name] = [network];
            }
            else
            {
                Report("hosts", $"\"{host.Name}\" must be an address or a CIDR");
            }
        }
        return hosts;
    }

    private Dictionary<string, IReadOnlyList<IPPrefix>> ReadIpSets(Dictionary<string, IReadOnlyList<IPPrefix>> hosts)
    {
        var sets = new Dictionary<string, IReadOnlyList<IPPrefix>>();
        foreach (var set in Members(Section("ipsets")))
        {
            var networks = new List<IPPrefix>();
            foreach (var entry in Strings(set.Value))
            {
                var text = entry.StartsWith("add ", StringComparison.Ordinal) ? entry[4..].Trim() : entry;
                if (text.StartsWith("host:", StringComparison.Ordinal)) text = text[5..];
                if (hosts.TryGetValue(text, out var host)) networks.AddRange(host);
                else if (sets.TryGetValue(text, out var other)) networks.AddRange(other);
                else if (PrefixText.TryParse(text, out var network)) networks.Add(network);
                else Report("ipsets", $"\"{entry}\" is neither address, CIDR, host nor an ipset above; \"remove\" and ranges are not supported");
            }
            sets[set.Name] = networks;
        }
        return sets;
    }

    private Dictionary<string, IReadOnlyList<JsonElement>> Capabilities(JsonElement? app, string section)
    {
        var capabilities = new Dictionary<string, IReadOnlyList<JsonElement>>();
        foreach (var capability in Members(app))
        {
            if (capability.Value.ValueKind == JsonValueKind.Array) capabilities[capability.Name] = [.. capability.Value.EnumerateArray()];
            else Report(section, $"app \"{capability.Name}\" must be a list of values");
        }
        return capabilities;
    }

    private void RefuseFields(JsonElement rule, string section, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Field(rule, name) is { } value && !IsEmpty(value)) Report(section, $"\"{name}\" is not supported by the embedded control plane");
        }
    }

    private IReadOnlyList<PolicySelector> Selectors(JsonElement? list, IReadOnlySet<SelectorKind> allowed, string section) =>
        [.. Strings(list).Select(text => Selector(text, allowed, section)).OfType<PolicySelector>()];

    private PolicySelector? Selector(string text, IReadOnlySet<SelectorKind> allowed, string section)
    {
        var selector = _selectors.Read(text, allowed, out var error);
        if (selector is null) Report(section, error!);
        return selector;
    }

    private JsonElement? Section(string name) => PolicyValidator.Section(_policy, name);

    private static JsonElement? Field(JsonElement obj, string name) => PolicyValidator.Section(obj, name);

    private static string? Text(JsonElement obj, string name) =>
        Field(obj, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static IReadOnlyList<string> Strings(JsonElement obj, string name) => Strings(Field(obj, name));

    private static IReadOnlyList<string> Strings(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } given
            ? [.. given.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    private static JsonElement.ArrayEnumerator Items(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } given ? given.EnumerateArray() : default;

    private static JsonElement.ObjectEnumerator Members(JsonElement? obj) =>
        obj is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject() : default;

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Null or JsonValueKind.False => true,
        _ => false,
    };

    private static bool IsOneOf(string name, params ReadOnlySpan<string> names)
    {
        foreach (var one in names)
        {
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }

    // An IPv6 address before a port stands in brackets.
    private static string Unbracketed(string host) => host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;

    private void Report(string subject, string error) => _findings.Add(new PolicyFinding(subject, error));
}
