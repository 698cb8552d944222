using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Transport;

public sealed class UdpSmallMtuTests
{
    [Fact]
    public Task Where_segments_do_not_fit_the_mtu_batches_still_arrive() =>
        NetworkNamespace.RunInsideAsync(typeof(UdpSmallMtuInNamespaceTests), TestContext.Current.CancellationToken);
}
