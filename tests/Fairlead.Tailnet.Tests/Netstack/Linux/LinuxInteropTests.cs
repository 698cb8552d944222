using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Netstack.Linux;

public sealed class LinuxInteropTests
{
    [Fact]
    public Task The_stack_and_the_systems_understand_one_another() =>
        NetworkNamespace.RunInsideAsync(typeof(LinuxInteropInNamespaceTests), TestContext.Current.CancellationToken);
}
