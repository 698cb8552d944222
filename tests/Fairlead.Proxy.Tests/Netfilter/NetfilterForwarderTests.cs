using Fairlead.Proxy.Tests.Netfilter.Namespaces;
using Fairlead.Proxy.Tests.Netfilter.Nftables;
using Fairlead.Proxy.Tests.Netfilter.Traffic;

namespace Fairlead.Proxy.Tests.Netfilter;

public sealed class NetfilterForwarderTests
{
    [Fact]
    public Task Traffic_takes_the_desired_ways_by_nf_tables_alone() => NamespaceRun.OfAsync(typeof(NftablesTrafficTests), TestContext.Current.CancellationToken);

    [Fact]
    public Task The_program_nft_lists_what_was_meant()
    {
        NamespaceRun.RequireProgram("nft");
        return NamespaceRun.OfAsync(typeof(NftListingTests), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("iptables-nft", typeof(IptablesNftTrafficTests))]
    [InlineData("iptables-legacy", typeof(IptablesLegacyTrafficTests))]
    public Task Traffic_takes_the_desired_ways_by_iptables(string program, Type tests)
    {
        NamespaceRun.RequireCommand(program, "-t", "nat", "-S");
        NamespaceRun.RequireCommand(program.Replace("ip", "ip6", StringComparison.Ordinal), "-t", "nat", "-S");
        return NamespaceRun.OfAsync(tests, TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task Without_the_right_to_set_rules_the_remedy_is_said()
    {
        string[] withoutRight = ["setpriv", "--inh-caps", "-net_admin", "--bounding-set", "-net_admin"];
        NamespaceRun.RequireCommand([.. withoutRight, "true"]);
        return NamespaceRun.OfAsync(typeof(MissingRightTests), TestContext.Current.CancellationToken, withoutRight);
    }
}
