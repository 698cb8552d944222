using System.Text;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tests.Tailnet.Policy;

/// <summary>
/// The same few devices for every policy: two of ann's, one of bob's, two tagged, a subnet router, an exit node and a host of a
/// service.
/// </summary>
internal static class PolicyWorld
{
    public const string Definitions = """
        "tagOwners": {"tag:a": ["autogroup:admin"], "tag:b": ["tag:a"], "tag:router": [], "tag:exit": [], "tag:host": []},
        "groups": {"group:dev": ["ann@example.com"]},
        "hosts": {"lan": "10.0.0.0/8", "printer": "10.1.2.3"},
        "ipsets": {"ipset:nets": ["host:lan", "add 192.168.0.0/16"]},
        """;

    private static readonly Dictionary<string, PolicyNode> Nodes = new()
    {
        ["ann1"] = new PolicyNode { User = "ann@example.com", Addresses = At(1) },
        ["ann2"] = new PolicyNode { User = "ann@example.com", Addresses = At(2) },
        ["bob"] = new PolicyNode { User = "bob@example.com", Addresses = At(3) },
        ["a"] = new PolicyNode { Tags = ["tag:a"], Addresses = At(4) },
        ["b"] = new PolicyNode { Tags = ["tag:b"], Addresses = At(5) },
        ["router"] = new PolicyNode { Tags = ["tag:router"], Addresses = At(6), Routes = [IPPrefix.Parse("10.1.0.0/16")] },
        ["exit"] = new PolicyNode { Tags = ["tag:exit"], Addresses = At(7), IsExitNode = true },
        ["host"] = new PolicyNode { Tags = ["tag:host"], Addresses = At(8), Services = ["svc:web"] },
    };

    private static readonly Dictionary<string, IReadOnlyList<IPPrefix>> Services = new() { ["svc:web"] = [IPPrefix.Parse("100.100.0.1/32")] };

    public static IReadOnlyList<string> Names { get; } = [.. Nodes.Keys];

    public static int IndexOf(string name) => Nodes.Keys.ToList().IndexOf(name);

    /// <param name="sections">Sections beside <see cref="Definitions"/>, without the outer braces.</param>
    public static PolicyView Resolve(string sections) => new(Read(sections), [.. Nodes.Values], Services);

    public static PolicyRules Read(string sections)
    {
        var policy = PolicySyntax.Parse(Encoding.UTF8.GetBytes($"{{{Definitions}{sections}}}"));
        Assert.Empty(PolicyValidator.Check(policy));
        var rules = PolicyReader.Read(policy, ["ann@example.com"], out var findings);
        Assert.Empty(findings);
        return rules!;
    }

    private static IPPrefix[] At(int last) => [IPPrefix.Parse($"100.64.0.{last}/32"), IPPrefix.Parse($"fd7a:115c:a1e0::{last}/128")];
}
