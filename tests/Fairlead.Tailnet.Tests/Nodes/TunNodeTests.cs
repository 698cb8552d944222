using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class TunNodeTests
{
    [Fact]
    public Task Programs_of_the_system_use_the_tailnet_through_a_TUN_device() =>
        NetworkNamespace.RunInsideAsync(typeof(TunNodeInNamespaceTests), TestContext.Current.CancellationToken);
}
