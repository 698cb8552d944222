using Fairlead.Dev.Tailnet;

namespace Fairlead.Dev.Tests.Tailnet.Policy;

public sealed class PolicyRefusalTests
{
    [Theory]
    [InlineData(""" "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"], "via": ["tag:a"]}] """, "\"via\" is not supported")]
    [InlineData(""" "acls": [{"action": "accept", "src": ["*"], "dst": ["*:*"], "srcPosture": ["posture:x"]}] """, "\"srcPosture\" is not supported")]
    [InlineData(""" "defaultSrcPosture": ["posture:x"] """, "defaultSrcPosture: is not supported")]
    [InlineData(""" "disableIPv4": true """, "disableIPv4: is not supported")]
    [InlineData(""" "nodeAttrs": [{"target": ["*"], "attr": [], "ipPool": ["100.81.0.0/16"]}] """, "\"ipPool\" is not supported")]
    [InlineData(""" "acls": [{"action": "accept", "src": ["autogroup:shared"], "dst": ["*:*"]}] """, "\"autogroup:shared\" is not evaluated")]
    [InlineData(""" "acls": [{"action": "accept", "src": ["nobody"], "dst": ["*:*"]}] """, "\"nobody\" is not defined")]
    [InlineData(""" "acls": [{"action": "accept", "src": ["autogroup:self"], "dst": ["*:*"]}] """, "\"autogroup:self\" cannot stand here")]
    [InlineData(""" "acls": [{"action": "accept", "src": ["svc:x"], "dst": ["*:*"]}] """, "\"svc:x\" cannot stand here")]
    [InlineData(""" "acls": [{"action": "accept", "proto": "icmp", "src": ["*"], "dst": ["*:22"]}] """, "the protocol has no ports")]
    [InlineData(""" "acls": [{"action": "accept", "proto": "carrier", "src": ["*"], "dst": ["*:22"]}] """, "carrier:22")]
    [InlineData(""" "acls": [{"action": "accept", "src": ["*"], "dst": ["*:99999"]}] """, "99999")]
    [InlineData(""" "grants": [{"src": ["*"], "dst": ["*"], "ip": ["tcp"]}] """, "\"tcp\" must be")]
    [InlineData(""" "grants": [{"src": ["*"], "dst": ["*"], "app": {"cap": {}}}] """, "must be a list of values")]
    [InlineData(""" "hosts": {"lan": "not-an-address"} """, "\"lan\" must be an address")]
    [InlineData(""" "ipsets": {"ipset:x": ["remove 10.0.0.0/8"]} """, "\"remove\"")]
    [InlineData(""" "autoApprovers": {"routes": {"lan": ["tag:a"]}} """, "\"lan\" is not an address")]
    [InlineData(""" "autoApprovers": {"appConnectors": {}} """, "unknown field \"appConnectors\"")]
    [InlineData(""" "tests": [{"src": "tag:a", "accept": ["tag:b:443"]}] """, "\"tag:b:443\" is denied and must not be")]
    public async Task What_cannot_be_evaluated_is_refused_by_name(string section, string error)
    {
        var options = new EmbeddedTailnetOptions { Policy = $$"""{"tagOwners": {"tag:a": [], "tag:b": []}, {{section}}}""" };

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedTailnet.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tag:a", "tag:b:443", true)]
    [InlineData("tag:a", "tag:b:80", false)]
    [InlineData("tag:b", "tag:a:443", false)]
    [InlineData("ann@example.com", "printer:443", true)]
    [InlineData("ann@example.com", "10.9.9.9:443", true)]
    [InlineData("ann@example.com", "192.168.9.9:443", false)]
    [InlineData("group:dev", "lan:443", true)]
    [InlineData("bob@example.com", "lan:443", false)]
    [InlineData("bob@example.com", "8.8.8.8:53", true)]
    [InlineData("bob@example.com", "192.168.1.1:53", false)]
    [InlineData("bob@example.com", "bob@example.com:22", true)]
    [InlineData("bob@example.com", "ann@example.com:22", false)]
    public void The_policys_own_tests_are_answered_from_its_rules(string source, string target, bool accepted)
    {
        const string Rules = """
            "acls": [
              {"action": "accept", "src": ["tag:a"], "dst": ["tag:b:443"]},
              {"action": "accept", "src": ["group:dev"], "dst": ["lan:*"]},
              {"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22", "autogroup:internet:*"]},
            ],
            """;
        foreach (var outcome in new[] { "accept", "deny" })
        {
            using var tests = System.Text.Json.JsonDocument.Parse($$"""[{"src": "{{source}}", "{{outcome}}": ["{{target}}"]}]""");

            var findings = Dev.Tailnet.Policy.Evaluation.PolicyTests.Run(PolicyWorld.Read(Rules), tests.RootElement);

            Assert.Equal(accepted == (outcome == "accept"), findings.Count == 0);
        }
    }

    [Theory]
    [InlineData("tag:b", "tag:a", true)]
    [InlineData("tag:a", "tag:a", true)]
    [InlineData("tag:a", "tag:b", false)]
    [InlineData("tag:unknown", "tag:a", false)]
    [InlineData("tag:a", "ann@example.com", true)]
    [InlineData("tag:a", "bob@example.com", false)]
    public void Tags_are_given_by_their_owners(string tag, string owner, bool allowed)
    {
        var isTag = owner.StartsWith("tag:", StringComparison.Ordinal);
        var node = new Dev.Tailnet.Policy.Evaluation.PolicyNode { Addresses = [], User = isTag ? "" : owner, Tags = isTag ? [owner] : [] };

        Assert.Equal(allowed, PolicyWorld.Read("").MayGive(tag, node));
    }
}
