using System.Text;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Tests.GroupServices;
using Fairlead.Proxy.Tests.Tailscaled;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Devices;

public sealed class ConfigurationReloadTests
{
    [Fact]
    public async Task What_changed_while_the_device_started_is_taken_on()
    {
        const string Name = "cap-106.hujson";
        await using var daemon = await DaemonStandIn.CreateAsync();
        using var mount = new MountedFiles((Name, """{ "Version": "alpha0", "Hostname": "after" }"""));
        var device = await daemon.StartAsync();
        using var stopping = new CancellationTokenSource();
        var reload = new ConfigurationReload(
            mount.Path, Encoding.UTF8.GetBytes("""{ "Version": "alpha0", "Hostname": "before" }"""), device, TimeProvider.System, NullLogger.Instance);

        var running = reload.RunAsync(stopping.Token);

        await Wait.UntilAsync("it is reloaded", () => daemon.Calls.Contains("reload-config"), device);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Single(daemon.Calls, call => call == "reload-config");
    }
}
