namespace Fairlead.Tailnet.Tests.Tun;

public sealed class TunDeviceTests
{
    [Fact]
    public Task Packets_pass_between_the_system_and_a_device_with_addresses_and_routes() =>
        NetworkNamespace.RunInsideAsync(typeof(TunDeviceInNamespaceTests), TestContext.Current.CancellationToken);
}
