using System.Globalization;
using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>
/// The policy's own tests: connections that the rules must accept or deny. They are answered from the rules alone, whatever
/// devices there are.
/// </summary>
internal sealed class PolicyTests(PolicyRules rules)
{
    private const int Tcp = 6;

    private readonly List<PolicyFinding> _findings = [];

    /// <param name="tests">A list whose form was checked.</param>
    public static IReadOnlyList<PolicyFinding> Run(PolicyRules rules, JsonElement tests)
    {
        var run = new PolicyTests(rules);
        foreach (var test in tests.EnumerateArray()) run.Run(test);
        return run._findings;
    }

    private void Run(JsonElement test)
    {
        var source = PolicyValidator.Section(test, "src")!.Value.GetString()!;
        if (PolicyValidator.Section(test, "srcPostureAttrs") is not null)
        {
            _findings.Add(new PolicyFinding(source, "\"srcPostureAttrs\" is not supported by the embedded control plane"));
        }
        var from = Read(source, SelectorReader.Sources, source);
        var protocol = Tcp;
        if (PolicyValidator.Section(test, "proto")?.GetString() is { Length: > 0 } name)
        {
            protocol = ProtoPortRange.TryParse($"{name}:*", out var range) ? range.Protocol : 0;
            if (protocol == 0) _findings.Add(new PolicyFinding(source, $"proto \"{name}\" is not a protocol's name or number"));
        }
        if (from is null) return;
        Expect(test, "accept", from, protocol, expected: true);
        Expect(test, "deny", from, protocol, expected: false);
    }

    private void Expect(JsonElement test, string outcome, PolicySelector from, int protocol, bool expected)
    {
        if (PolicyValidator.Section(test, outcome) is not { } targets) return;
        foreach (var target in targets.EnumerateArray().Select(target => target.GetString()!))
        {
            var colon = target.LastIndexOf(':');
            if (!ushort.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                _findings.Add(new PolicyFinding(from.Text, $"\"{target}\" must end with a port up to 65535"));
                continue;
            }
            var to = Read(target[..colon].Trim('[', ']'), SelectorReader.Destinations, from.Text);
            if (to is null || IsAllowed(from, to, protocol, port) == expected) continue;
            _findings.Add(new PolicyFinding(from.Text, $"\"{target}\" is {(expected ? "denied" : "accepted")} and must not be"));
        }
    }

    private PolicySelector? Read(string text, IReadOnlySet<SelectorKind> allowed, string subject)
    {
        var selector = rules.Selectors.Read(text, allowed, out var error);
        if (selector is null) _findings.Add(new PolicyFinding(subject, error!));
        return selector;
    }

    private bool IsAllowed(PolicySelector from, PolicySelector to, int protocol, ushort port) => rules.Rules.Any(rule =>
        rule.Sources.Any(source => Includes(source, from))
        && rule.Destinations.Any(d => Reaches(d.Selector, from, to) && d.Traffic.Any(traffic => traffic.Allows(protocol, port))));

    private static bool Reaches(PolicySelector destination, PolicySelector from, PolicySelector to) => destination.Kind switch
    {
        SelectorKind.Self => to.Kind == SelectorKind.Self
            || (to.Kind == SelectorKind.User && from.Kind == SelectorKind.User && to.Users.SequenceEqual(from.Users, StringComparer.OrdinalIgnoreCase)),
        SelectorKind.Internet => to.Kind == SelectorKind.Internet || (to.Kind == SelectorKind.Prefixes && to.Prefixes.All(InternetRanges.Contain)),
        _ => Includes(destination, to),
    };

    /// <summary>Is everything that the part names named by the whole?</summary>
    private static bool Includes(PolicySelector whole, PolicySelector part) => whole.Kind switch
    {
        SelectorKind.Everything => true,
        SelectorKind.Member => part.Kind is SelectorKind.Member or SelectorKind.User or SelectorKind.Group,
        SelectorKind.Tagged => part.Kind is SelectorKind.Tagged or SelectorKind.Tag,
        SelectorKind.User or SelectorKind.Group =>
            part.Users.Count > 0 && part.Users.All(user => whole.Users.Contains(user, StringComparer.OrdinalIgnoreCase)),
        SelectorKind.Prefixes => part.Prefixes.Count > 0 && part.Prefixes.All(p => whole.Prefixes.Any(w => w.Covers(p))),
        _ => whole.Kind == part.Kind && whole.Text == part.Text,
    };
}
