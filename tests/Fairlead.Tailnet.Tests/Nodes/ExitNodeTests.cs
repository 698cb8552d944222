using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class ExitNodeTests
{
    [Fact]
    public Task The_internet_is_reached_through_an_exit_node() =>
        NetworkNamespace.RunInsideAsync(typeof(ExitNodeInNamespaceTests), TestContext.Current.CancellationToken);
}
