using Fairlead.Proxy.Tests.Netfilter.Namespaces;

namespace Fairlead.Proxy.Tests.Tailscaled;

public sealed class GroupInNamespaceTests
{
    [Fact]
    public Task Pods_of_a_ProxyGroup_with_a_daemon_forward_by_the_kernel_in_a_namespace() =>
        NamespaceRun.OfAsync(typeof(GroupTrafficTests), TestContext.Current.CancellationToken);
}
