using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Embedded;

public sealed class FaultPlanTests : TailnetTest
{
    [Fact]
    public async Task A_fault_strikes_the_calls_it_names_from_the_nth_on_and_no_others()
    {
        Tailnet.Faults.Add(Fault.Answering("DELETE", "^/api/v2/device/n[12]$", 409) with { Skip = 1, Times = 2 });
        var failed = new List<string>();

        foreach (var id in new[] { "n1", "n3", "n2", "n3", "n1", "n2" })
        {
            try
            {
                await Client.Devices.DeleteAsync(id, Stop);
            }
            catch (TailscaleApiException)
            {
                failed.Add(id);
            }
        }

        Assert.Equal(["n2", "n1"], failed);
        Assert.Equal(0, Tailnet.Faults.Pending);
    }

    [Fact]
    public async Task A_cut_call_changed_nothing_and_is_in_the_log_without_a_status()
    {
        await Client.Devices.ListAsync(Stop);
        Tailnet.Faults.Add(Fault.Cutting("POST", "/keys$"));

        await Assert.ThrowsAsync<TailscaleApiException>(() => Client.Keys.CreateAsync(ProxyKey, Stop));

        Assert.Empty(Tailnet.Keys.Snapshot());
        Assert.Equal("POST /api/v2/tailnet/-/keys → cut", Tailnet.Calls.Take()[^1].ToString());
        Assert.Empty(Tailnet.Calls.Snapshot());
    }
}
