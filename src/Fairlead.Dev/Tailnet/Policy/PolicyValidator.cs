using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Tailnet.Policy;

/// <summary>
/// Checks a policy's form: known sections, tags and groups that exist, rules and tests with the fields and forms they must
/// have. What they mean is for <see cref="Evaluation.PolicyReader"/> and <see cref="Evaluation.PolicyTests"/>.
/// </summary>
internal sealed partial class PolicyValidator
{
    private static readonly HashSet<string> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        "acls", "autoApprovers", "defaultSrcPosture", "derpMap", "disableIPv4", "extraDNSRecords", "grants", "groups", "hosts",
        "ipsets", "nodeAttrs", "OneCGNATRoute", "postures", "randomizeClientPort", "ssh", "sshTests", "tagOwners", "tests",
    };

    private static readonly string[] Outcomes = ["accept", "deny"];

    private readonly List<PolicyFinding> _findings = [];
    private readonly HashSet<string> _tags = [];
    private readonly HashSet<string> _groups = [];

    private PolicyValidator()
    {
    }

    public static IReadOnlyList<PolicyFinding> Check(JsonElement policy)
    {
        var validator = new PolicyValidator();
        validator.CheckPolicy(policy);
        return validator._findings;
    }

    /// <summary>Checks tests on their own.</summary>
    public static IReadOnlyList<PolicyFinding> CheckTests(JsonElement tests)
    {
        var validator = new PolicyValidator();
        foreach (var test in validator.Items(tests, "tests")) validator.CheckTest(test);
        return validator._findings;
    }

    /// <summary>The section of this name, whatever its case.</summary>
    public static JsonElement? Section(JsonElement policy, string name)
    {
        foreach (var section in policy.EnumerateObject())
        {
            if (section.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return section.Value;
        }
        return null;
    }

    private void CheckPolicy(JsonElement policy)
    {
        if (policy.ValueKind != JsonValueKind.Object)
        {
            Report("policy", "must be an object");
            return;
        }
        foreach (var section in policy.EnumerateObject().Where(section => !Sections.Contains(section.Name)))
        {
            Report(section.Name, "unknown section");
        }
        if (Section(policy, "groups") is { } groups) CheckGroups(groups);
        if (Section(policy, "tagOwners") is { } owners) CheckTagOwners(owners);
        foreach (var rule in Items(Section(policy, "acls"), "acls")) CheckRule(rule);
        foreach (var grant in Items(Section(policy, "grants"), "grants")) CheckGrant(grant);
        foreach (var test in Items(Section(policy, "tests"), "tests")) CheckTest(test);
    }

    private void CheckGroups(JsonElement groups)
    {
        foreach (var group in Members(groups, "groups"))
        {
            if (!group.Name.StartsWith("group:", StringComparison.Ordinal))
            {
                Report("groups", $"\"{group.Name}\" must start with \"group:\"");
            }
            _groups.Add(group.Name);
            Strings(group.Value, $"groups[\"{group.Name}\"]");
        }
    }

    private void CheckTagOwners(JsonElement owners)
    {
        foreach (var tag in Members(owners, "tagOwners"))
        {
            if (!TagName().IsMatch(tag.Name))
            {
                Report("tagOwners", $"\"{tag.Name}\" must be \"tag:\" and a letter, then letters, digits and dashes");
            }
            _tags.Add(tag.Name);
        }
        foreach (var tag in Members(owners, "tagOwners"))
        {
            foreach (var owner in Strings(tag.Value, $"tagOwners[\"{tag.Name}\"]")) CheckSelector(owner, "tagOwners");
        }
    }

    private void CheckRule(JsonElement rule)
    {
        if (TextOf(rule, "action") != "accept") Report("acls", "action must be \"accept\"");
        foreach (var source in Strings(Field(rule, "src"), "acls.src")) CheckSelector(source, "acls");
        foreach (var target in Strings(Field(rule, "dst"), "acls.dst")) CheckTarget(target, "acls");
    }

    private void CheckGrant(JsonElement grant)
    {
        foreach (var source in Strings(Field(grant, "src"), "grants.src")) CheckSelector(source, "grants");
        foreach (var target in Strings(Field(grant, "dst"), "grants.dst")) CheckSelector(target, "grants");
        if (Field(grant, "ip") is null && Field(grant, "app") is null) Report("grants", "a grant must have \"ip\" or \"app\"");
    }

    private void CheckTest(JsonElement test)
    {
        var source = TextOf(test, "src") ?? "";
        if (source.Length == 0) Report("tests", "a test must have a \"src\"");
        var targets = Outcomes
            .SelectMany(field => Field(test, field) is { } list ? Strings(list, $"tests.{field}") : [])
            .ToList();
        if (targets.Count == 0) Report(source, "a test must have an \"accept\" or a \"deny\"");
        foreach (var target in targets.Where(target => !TestTarget().IsMatch(target)))
        {
            Report(source, $"\"{target}\" must be a host and one port, as in tag:web:443");
        }
    }

    private void CheckTarget(string target, string section)
    {
        var match = RuleTarget().Match(target);
        if (!match.Success) Report(section, $"\"{target}\" must be hosts and ports, as in tag:web:443 or *:*");
        else CheckSelector(match.Groups[1].Value, section);
    }

    private void CheckSelector(string selector, string section)
    {
        if (selector.StartsWith("tag:", StringComparison.Ordinal) && !_tags.Contains(selector))
        {
            Report(section, $"\"{selector}\" is not defined in tagOwners");
        }
        if (selector.StartsWith("group:", StringComparison.Ordinal) && !_groups.Contains(selector))
        {
            Report(section, $"\"{selector}\" is not defined in groups");
        }
    }

    private List<JsonProperty> Members(JsonElement obj, string subject)
    {
        if (obj.ValueKind == JsonValueKind.Object) return [.. obj.EnumerateObject()];
        Report(subject, "must be an object");
        return [];
    }

    private List<JsonElement> Items(JsonElement? list, string subject)
    {
        if (list is not { } given) return [];
        if (given.ValueKind == JsonValueKind.Array && given.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object))
        {
            return [.. given.EnumerateArray()];
        }
        Report(subject, "must be a list of objects");
        return [];
    }

    private IEnumerable<string> Strings(JsonElement? list, string subject)
    {
        if (list is { ValueKind: JsonValueKind.Array } given && given.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
        {
            return given.EnumerateArray().Select(item => item.GetString()!);
        }
        Report(subject, "must be a list of strings");
        return [];
    }

    private static JsonElement? Field(JsonElement obj, string name) => Section(obj, name);

    private static string? TextOf(JsonElement obj, string name) =>
        Field(obj, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private void Report(string subject, string error) => _findings.Add(new PolicyFinding(subject, error));

    [GeneratedRegex("^tag:[A-Za-z][A-Za-z0-9-]*$")]
    private static partial Regex TagName();

    [GeneratedRegex(@"^(.+):(\*|[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)$")]
    private static partial Regex RuleTarget();

    [GeneratedRegex("^.+:[0-9]{1,5}$")]
    private static partial Regex TestTarget();
}
