using System.Net;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Hosting;
using Fairlead.Testing;

namespace Fairlead.Proxy.Tests.Tailscaled;

public sealed class TailscaledDeviceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_with_a_configuration_file_is_started_and_followed()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        var folder = DeviceFolder.In(daemon);
        var device = await daemon.StartAsync(configuration => configuration with { ConfigurationDirectory = folder });

        daemon.Status = DaemonStandIn.Running();
        daemon.Notify("""{"State":6,"NetMap":{"DNS":{"ExtraRecords":[{"Name":"db.example.ts.net.","Value":"100.100.1.1"},{"Name":"gone.example.ts.net","Value":"100.100.1.2"}]}}}""");
        var snapshot = await Wait.ForAsync(device, "records", snapshot => snapshot.ServiceRecords.Count > 0);

        Assert.Equal(DeviceState.Running, snapshot.State);
        Assert.Equal(
            [$"--socket={daemon.PathOf("daemon.sock")}", $"--statedir={daemon.PathOf("state")}", "--tun=userspace-networking", $"--config={folder}/cap-106.hujson"],
            daemon.Arguments);
        Assert.Equal(("n1CNTRL", "one.example.ts.net."), (snapshot.StableId, snapshot.Fqdn));
        Assert.Equal([IPAddress.Parse("100.64.0.1"), IPAddress.Parse("fd7a:115c:a1e0::1")], snapshot.Addresses);
        Assert.Equal(["one.example.ts.net"], snapshot.CertDomains);
        Assert.Equal([IPAddress.Parse("100.64.0.2")], snapshot.Peers["two.example.ts.net"]);
        Assert.Equal([IPAddress.Parse("100.100.1.1")], Assert.Single(snapshot.ServiceRecords).Value);
        Assert.Equal(daemon.PathOf("daemon.sock"), File.ResolveLinkTarget(daemon.PathOf("link/tailscaled.sock"), returnFinalTarget: false)?.FullName);
        Assert.Empty(daemon.CommandLines);
        Assert.False(device.Completion.IsCompleted);
    }

    [Fact]
    public async Task What_changes_later_is_told_as_well()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        var device = await daemon.StartAsync();
        await Wait.ForAsync(device, DeviceState.Running);

        daemon.Status = DaemonStandIn.Running("renamed");
        daemon.Notify("""{"SelfChange":{"Name":"renamed.example.ts.net."}}""");

        await Wait.ForAsync(device, "the new name", snapshot => snapshot.Fqdn == "renamed.example.ts.net.");
    }

    [Fact]
    public async Task The_daemon_takes_on_what_the_proxy_decides()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        var device = await daemon.StartAsync(configuration => configuration with { ServeConfigPath = "/serve/config.json", ConfigurationDirectory = DeviceFolder.In(daemon) });
        await Wait.ForAsync(device, DeviceState.Running);

        await device.SetServeConfigAsync("""{"TCP":{"80":{"HTTP":true}}}""", Stop);
        await device.ReloadAsync(Stop);
        await device.AdvertiseServicesAsync(["svc:web"], Stop);
        await device.DisconnectControlAsync(Stop);

        Assert.Equal("tailscaled_advertised_routes 0\n", await device.MetricsAsync(Stop));
        Assert.Equal(
            [
                "serve-config {}", """serve-config {"TCP":{"80":{"HTTP":true}}}""", "reload-config",
                """prefs {"AdvertiseServices":["svc:web"],"AdvertiseServicesSet":true}""", "disconnect-control",
            ],
            daemon.Calls);
        daemon.ReloadAnswer = """{"Reloaded":false,"Err":"unknown field"}""";
        Assert.Equal(
            "tailscaled does not take on the changed configuration file: unknown field",
            (await Assert.ThrowsAsync<ProxyException>(() => device.ReloadAsync(Stop))).Message);
    }

    [Fact]
    public async Task A_refused_key_shows_though_the_daemon_s_state_does_not_tell()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        var device = await daemon.StartAsync(configuration => configuration with { ConfigurationDirectory = DeviceFolder.In(daemon) });

        daemon.Notify("""{"ErrMessage":"invalid key: not valid"}""");
        daemon.Notify(DaemonStandIn.LoginWarning("invalid key: not valid"));
        var snapshot = await Wait.ForAsync(device, DeviceState.NeedsLogin);

        Assert.Equal("You are logged out: invalid key: not valid (login-state)", snapshot.Problem);
        Assert.False(device.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_control_plane_that_does_not_answer_is_no_refusal_but_ends_the_start()
    {
        var time = new ManualTime();
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = """{"BackendState":"Stopped"}""";
        var device = await daemon.StartAsync(configuration => configuration with { ConfigurationDirectory = DeviceFolder.In(daemon), StateDirectory = "" }, time: time);

        // Read once already: the status is read again only after both notifications, in this order.
        await Wait.ForAsync(device, DeviceState.Stopped);
        daemon.Notify(DaemonStandIn.LoginWarning("fetch control key: connection refused"));
        daemon.Status = """{"BackendState":"NeedsMachineAuth"}""";
        daemon.Notify("""{"State":3}""");
        var snapshot = await Wait.ForAsync(device, DeviceState.NeedsMachineAuth);
        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("an administrator of the tailnet has to approve the device", snapshot.Problem);
        var failed = await Assert.ThrowsAsync<ProxyException>(() => device.Completion);
        Assert.StartsWith(
            "TS_BOOT_TIMEOUT: after 60 s the device is not on the tailnet but NeedsMachineAuth: You are logged out: fetch control key: connection refused",
            failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_never_answers_ends_the_start()
    {
        await using var daemon = await DaemonStandIn.CreateAsync(answers: false);

        var failed = await Assert.ThrowsAsync<ProxyException>(() => daemon.StartAsync(configuration => configuration with { BootTimeout = TimeSpan.FromMilliseconds(300) }));

        Assert.StartsWith($"TS_BOOT_TIMEOUT: after 0.3 s tailscaled does not answer at {daemon.PathOf("daemon.sock")}", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_is_told()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        File.Delete(daemon.PathOf("tailscaled"));

        var failed = await Assert.ThrowsAsync<ProxyException>(() => daemon.StartAsync());

        Assert.Equal($"{daemon.PathOf("tailscaled")} cannot be started: No such file or directory; it must be on PATH and executable.", failed.Message);
    }

    [Fact]
    public async Task A_daemon_that_dies_completes_the_device_with_its_last_words()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        var device = await daemon.StartAsync();
        await Wait.ForAsync(device, DeviceState.Running);

        await daemon.FailAsync();

        var failed = await Assert.ThrowsAsync<ProxyException>(() => device.Completion);
        Assert.Equal("tailscaled ended with exit code 3. Last of its log: a line with tskey-auth-[hidden] in it | its last words", failed.Message);
        await foreach (var _ in device.WatchAsync(Stop))
        {
            // Ends, as there is nothing more to tell.
        }
    }

    [Fact]
    public async Task What_the_daemon_says_is_logged_without_keys()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        await daemon.StartAsync();

        await Wait.UntilAsync("its line is logged", () => daemon.Log.Text.Contains("a line with tskey-auth-[hidden] in it", StringComparison.Ordinal));
        Assert.DoesNotContain("notforlogs", daemon.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_tun_device_nothing_can_be_forwarded()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        var device = await daemon.StartAsync();

        await device.Forwarder.ApplyAsync([], Stop);
        var plan = ForwardingPlan.For(
            new ProxyConfiguration { DestinationIp = IPAddress.Parse("10.96.0.1") }, new DeviceSnapshot { Addresses = [IPAddress.Parse("100.64.0.1")] }, [], []);

        Assert.Contains("TS_USERSPACE=false", (await Assert.ThrowsAsync<ForwardingException>(() => device.Forwarder.ApplyAsync(plan, Stop))).Message, StringComparison.Ordinal);
    }
}
