using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nat;

public sealed class NatTests
{
    [Fact]
    public Task Nodes_behind_address_translation_reach_each_other()
    {
        foreach (var program in (string[])["ip", "nft", "nsenter"])
        {
            Assert.SkipUnless(ProgramSearch.Finds(program), $"'{program}' is not installed, so no network with address translation can be made.");
        }

        return NetworkNamespace.RunInsideAsync(typeof(NatInNamespaceTests), TestContext.Current.CancellationToken);
    }
}
