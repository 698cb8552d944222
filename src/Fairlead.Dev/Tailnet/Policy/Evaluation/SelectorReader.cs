using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>Reads selectors, given the names that a policy defines.</summary>
internal sealed class SelectorReader(
    IReadOnlyDictionary<string, IReadOnlyList<string>> groups,
    IReadOnlyDictionary<string, IReadOnlyList<IPPrefix>> hosts,
    IReadOnlyDictionary<string, IReadOnlyList<IPPrefix>> ipSets,
    IReadOnlyList<string> administrators)
{
    /// <summary>Kinds that name devices by their owner or tags.</summary>
    public static IReadOnlySet<SelectorKind> Owners { get; } = new HashSet<SelectorKind>
    {
        SelectorKind.User, SelectorKind.Group, SelectorKind.Tag, SelectorKind.Member, SelectorKind.Tagged,
    };

    public static IReadOnlySet<SelectorKind> Targets { get; } = new HashSet<SelectorKind>(Owners) { SelectorKind.Everything };

    public static IReadOnlySet<SelectorKind> Sources { get; } = new HashSet<SelectorKind>(Targets) { SelectorKind.Prefixes };

    public static IReadOnlySet<SelectorKind> Destinations { get; } =
        new HashSet<SelectorKind>(Sources) { SelectorKind.Self, SelectorKind.Internet, SelectorKind.Service };

    /// <param name="text">The selector.</param>
    /// <param name="allowed">What may stand in its place.</param>
    /// <param name="error">What is wrong if the result is null.</param>
    public PolicySelector? Read(string text, IReadOnlySet<SelectorKind> allowed, out string? error)
    {
        var selector = Read(text, out error);
        if (selector is null || allowed.Contains(selector.Kind)) return selector;
        error = $"\"{text}\" cannot stand here";
        return null;
    }

    private PolicySelector? Read(string text, out string? error)
    {
        error = null;
        if (text == "*") return new PolicySelector(SelectorKind.Everything, text);
        if (Is("tag:")) return new PolicySelector(SelectorKind.Tag, text);
        if (Is("svc:")) return new PolicySelector(SelectorKind.Service, text);
        if (Is("group:") && groups.TryGetValue(text, out var users)) return new PolicySelector(SelectorKind.Group, text) { Users = users };
        if (Is("autogroup:")) return ReadAutogroup(text, out error);
        if (Is("ipset:") && ipSets.TryGetValue(text, out var set)) return new PolicySelector(SelectorKind.Prefixes, text) { Prefixes = set };
        if (hosts.TryGetValue(text, out var host)) return new PolicySelector(SelectorKind.Prefixes, text) { Prefixes = host };
        if (PrefixText.TryParse(text, out var network)) return new PolicySelector(SelectorKind.Prefixes, text) { Prefixes = [network] };
        if (text.Contains('@', StringComparison.Ordinal)) return new PolicySelector(SelectorKind.User, text) { Users = [text] };
        error = $"\"{text}\" is not defined: it is no user, group, tag, service, address, CIDR, name of hosts or ipset";
        return null;

        bool Is(string prefix) => text.StartsWith(prefix, StringComparison.Ordinal);
    }

    private PolicySelector? ReadAutogroup(string text, out string? error)
    {
        error = null;
        switch (text)
        {
            case "autogroup:member" or "autogroup:members":
                return new PolicySelector(SelectorKind.Member, text);
            case "autogroup:tagged":
                return new PolicySelector(SelectorKind.Tagged, text);
            case "autogroup:self":
                return new PolicySelector(SelectorKind.Self, text);
            case "autogroup:internet":
                return new PolicySelector(SelectorKind.Internet, text);
            case "autogroup:admin" or "autogroup:owner":
                return new PolicySelector(SelectorKind.Group, text) { Users = administrators };
            default:
                error = $"\"{text}\" is not evaluated by the embedded control plane: it has no further roles and no shared devices";
                return null;
        }
    }
}
