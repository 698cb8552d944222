using Fairlead.Proxy.Netfilter.Iptables;

namespace Fairlead.Proxy.Tests.Netfilter.Iptables;

public sealed class IptablesRuleTests
{
    [Fact]
    public void A_printed_rule_is_read_and_written_alike()
    {
        const string Line = """-A PREROUTING ! -i tailscale0 -p tcp -m tcp --dport 10001 -m comment --comment "db:tcp:10001 -> tcp:5432 \"x\\\" y" -j DNAT --to-destination [fd7a::9]:5432""";

        var rule = IptablesRule.Parse("nat", Line)!;

        Assert.Equal("PREROUTING", rule.Chain);
        Assert.Equal("""db:tcp:10001 -> tcp:5432 "x\" y""", rule.Comment);
        Assert.Equal("DNAT", rule.Target);
        Assert.Equal(Line, $"-A {rule.Chain} {rule.Text}");
    }

    [Theory]
    [InlineData("-P PREROUTING ACCEPT")]
    [InlineData("-N ts-postrouting")]
    [InlineData("# Warning: iptables-legacy tables present, use iptables-legacy to see them")]
    [InlineData("")]
    public void A_line_that_is_no_rule_is_none(string line) => Assert.Null(IptablesRule.Parse("nat", line));

    [Theory]
    [InlineData("-p tcp --dport 80 -j ACCEPT", "-p tcp -m tcp --dport 80 -j ACCEPT")]
    [InlineData("-m statistic --mode nth --every 2 -j ACCEPT", "-m statistic --mode nth --every 2 --packet 0 -j ACCEPT")]
    [InlineData("-i ! eth0 -j ACCEPT", "! -i eth0 -j ACCEPT")]
    public void Versions_print_the_same_rule_differently(string one, string other) =>
        Assert.Equal(IptablesRule.Parse("nat", "-A PREROUTING " + one), IptablesRule.Parse("nat", "-A PREROUTING " + other));

    [Fact]
    public void Other_rules_are_not_taken_for_the_same() =>
        Assert.NotEqual(IptablesRule.Parse("nat", "-A PREROUTING -d 10.0.0.1/32 -j ACCEPT"), IptablesRule.Parse("nat", "-A PREROUTING -d 10.0.0.2/32 -j ACCEPT"));
}
