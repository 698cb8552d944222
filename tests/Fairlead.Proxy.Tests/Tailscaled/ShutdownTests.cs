using Fairlead.Proxy.Devices;
using Fairlead.Testing;

namespace Fairlead.Proxy.Tests.Tailscaled;

public sealed class ShutdownTests
{
    private static readonly TimeSpan FailOver = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_without_services_is_stopped_at_once()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        var device = await daemon.StartAsync(time: new ManualTime());
        await Wait.ForAsync(device, DeviceState.Running);

        await device.DisposeAsync();

        Assert.True(daemon.IsTerminated);
        Assert.True(device.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Services_are_withdrawn_and_clients_led_elsewhere_before_the_daemon_is_stopped()
    {
        var time = new ManualTime();
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        daemon.Advertised = ["svc:web"];
        var device = await daemon.StartAsync(time: time);
        await Wait.ForAsync(device, DeviceState.Running);

        var stopping = device.DisposeAsync().AsTask();
        await time.WaiterAsync(FailOver, FailOver, Stop);
        Assert.Equal("""prefs {"AdvertiseServices":[],"AdvertiseServicesSet":true}""", daemon.Calls.Last());
        time.Advance(FailOver - TimeSpan.FromSeconds(1));
        Assert.False(daemon.IsTerminated);
        time.Advance(TimeSpan.FromSeconds(1));
        await stopping;

        Assert.True(daemon.IsTerminated);
    }

    [Fact]
    public async Task A_daemon_is_not_stopped_between_two_writes_of_its_first_state()
    {
        var time = new ManualTime();
        await using var cluster = await StateInCluster.StartAsync(new Dictionary<string, string?> { ["_machinekey"] = "privkey:00", ["_profiles"] = "{}" });
        var state = cluster.State;
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        var device = await daemon.StartAsync(state: state, time: time);
        await Wait.ForAsync(device, DeviceState.Running);

        var stopping = device.DisposeAsync().AsTask();
        await time.WaiterAsync(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), Stop);
        Assert.False(daemon.IsTerminated);
        await state.WriteAsync(new Dictionary<string, string?> { ["_current-profile"] = "profile-ab12", ["profile-ab12"] = "{}" }, Stop);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await stopping;

        Assert.True(daemon.IsTerminated);
    }

    [Fact]
    public async Task A_state_that_never_gets_whole_does_not_hold_up_the_end_for_ever()
    {
        var time = new ManualTime();
        await using var cluster = await StateInCluster.StartAsync(new Dictionary<string, string?> { ["_machinekey"] = "privkey:00" });
        var state = cluster.State;
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        var device = await daemon.StartAsync(state: state, time: time);
        await Wait.ForAsync(device, DeviceState.Running);

        var stopping = device.DisposeAsync().AsTask();
        await time.WaiterAsync(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100), Stop);
        time.Advance(TimeSpan.FromSeconds(25));
        await stopping;

        Assert.True(daemon.IsTerminated);
        Assert.Contains("Not all could be brought to an end in 25 s", daemon.Log.Text, StringComparison.Ordinal);
    }
}
