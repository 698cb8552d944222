using Fairlead.Tailnet.Tests.Nat;
using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.PathMtu;

public sealed class PathMtuTests
{
    [Fact]
    public Task Nodes_reach_each_other_over_links_that_no_full_packet_fits()
    {
        foreach (var program in (string[])["ip", "nft", "nsenter"])
        {
            Assert.SkipUnless(ProgramSearch.Finds(program), $"'{program}' is not installed, so no network with narrow links can be made.");
        }

        return NetworkNamespace.RunInsideAsync(typeof(PathMtuInNamespaceTests), TestContext.Current.CancellationToken);
    }
}
