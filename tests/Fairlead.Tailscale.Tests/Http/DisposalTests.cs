using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Http;

public sealed class DisposalTests : TailnetTest
{
    [Theory]
    [InlineData("/devices$")]
    [InlineData("/oauth/token$")]
    public async Task Calls_under_way_end_when_the_client_is_disposed_of(string path)
    {
        Tailnet.Faults.Add(Fault.Delaying("*", path, TimeSpan.FromHours(1)));
        var client = NewClient();
        var list = client.Devices.ListAsync(Stop);
        await Time.WaiterAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(1), Stop);

        client.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => list.WaitAsync(TimeSpan.FromSeconds(5), Stop));
    }
}
