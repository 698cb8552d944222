using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class NetworkChangeTests
{
    [Fact]
    public Task A_node_notices_that_the_machines_addresses_change() =>
        NetworkNamespace.RunInsideAsync(typeof(NetworkChangeInNamespaceTests), TestContext.Current.CancellationToken);
}
