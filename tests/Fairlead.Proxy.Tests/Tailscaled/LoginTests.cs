using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Hosting;

namespace Fairlead.Proxy.Tests.Tailscaled;

public sealed class LoginTests
{
    [Fact]
    public async Task Without_a_configuration_file_the_command_line_logs_in_and_keys_are_no_arguments()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        var device = await daemon.StartAsync(configuration => configuration with
        {
            Credentials = new LoginCredentials { AuthKey = "a-key" },
            Hostname = "web",
            Routes = "",
            ExtraArguments = ["--login-server=https://control.example"],
        });

        await Wait.UntilAsync("it has logged in", () => daemon.CommandLines.Contains("--login-server=https://control.example"), device);
        daemon.Status = DaemonStandIn.Running();
        daemon.Notify("""{"State":6}""");
        await Wait.ForAsync(device, DeviceState.Running);

        Assert.Collection(
            daemon.CommandLines,
            line => Assert.Equal($"--socket={daemon.PathOf("daemon.sock")}", line),
            line => Assert.Equal("up", line),
            line => Assert.Equal("--accept-dns=false", line),
            line => Assert.StartsWith($"--authkey=file:{daemon.Folder}/.login-", line, StringComparison.Ordinal),
            line => Assert.Equal("holds a-key, mode 600", line),
            line => Assert.Equal("--advertise-routes=", line),
            line => Assert.Equal("--hostname=web", line),
            line => Assert.Equal("--login-server=https://control.example", line));
        await Wait.UntilAsync("the key's file is gone", () => Directory.GetFiles(daemon.Folder, ".login-*").Length == 0);
    }

    [Fact]
    public async Task A_device_that_waits_for_the_command_line_is_not_refused()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = """{"BackendState":"NeedsLogin"}""";
        var device = await daemon.StartAsync();
        await Wait.UntilAsync("it has logged in", () => daemon.CommandLines.Count > 0, device);

        daemon.Status = DaemonStandIn.Running();
        daemon.Notify("""{"State":6}""");

        await foreach (var snapshot in device.WatchAsync(TestContext.Current.CancellationToken))
        {
            Assert.NotEqual(DeviceState.NeedsLogin, snapshot.State);
            if (snapshot.State == DeviceState.Running)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_refusal_on_the_command_line_ends_the_device_with_its_reason()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        await File.WriteAllTextAsync(daemon.PathOf("refuse"), "", TestContext.Current.CancellationToken);

        var device = await daemon.StartAsync();

        Assert.Equal("'tailscale up' ended with exit code 1: backend error: invalid key", (await Assert.ThrowsAsync<ProxyException>(() => device.Completion)).Message);
    }

    [Fact]
    public async Task Who_is_logged_in_already_is_only_set_anew_when_told_to_log_in_once()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = DaemonStandIn.Running();
        var device = await daemon.StartAsync(configuration => configuration with
        {
            AuthOnce = true,
            Credentials = new LoginCredentials { AuthKey = "a-key" },
            Hostname = "web",
            ExtraArguments = ["--ssh"],
        });

        await Wait.ForAsync(device, DeviceState.Running);

        Assert.Equal([$"--socket={daemon.PathOf("daemon.sock")}", "set", "--accept-dns=false", "--hostname=web"], daemon.CommandLines);
    }

    [Fact]
    public async Task Who_is_not_logged_in_yet_is_when_told_to_log_in_once()
    {
        await using var daemon = await DaemonStandIn.CreateAsync();
        daemon.Status = """{"BackendState":"NeedsLogin"}""";
        var device = await daemon.StartAsync(configuration => configuration with { AuthOnce = true, Credentials = new LoginCredentials { AuthKey = "file:/run/key" } });

        await Wait.UntilAsync("it logs in", () => daemon.CommandLines.Contains("--authkey=file:/run/key"), device);
    }
}
