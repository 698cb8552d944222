using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class PathChangeTests
{
    [Fact]
    public Task A_file_arrives_whole_whatever_becomes_of_the_path() =>
        NetworkNamespace.RunInsideAsync(typeof(PathChangeInNamespaceTests), TestContext.Current.CancellationToken);
}
