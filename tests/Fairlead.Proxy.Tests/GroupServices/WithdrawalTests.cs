using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Proxy.Tests.Tailscaled;

namespace Fairlead.Proxy.Tests.GroupServices;

public sealed class WithdrawalTests : GroupProxyTest
{
    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with
    {
        Policy = """{ "tagOwners": {"tag:k8s": []}, "autoApprovers": {"services": {"svc:db": ["tag:k8s"]}} }""",
    };

    [Fact]
    public async Task A_Pod_that_is_stopped_withdraws_its_services_and_serves_on_until_clients_have_gone_elsewhere()
    {
        Tailnet.Services.Put(new TailnetService { Name = "svc:db", Addresses = ["100.64.250.9", "fd7a:115c:a1e0::fa09"], Ports = ["do-not-validate"] });
        var device = MountDevice("in-0", ["tag:k8s"], "svc:db");
        var mount = Mount(("ingress-config.json", "{}"));
        var pod = await StartPodAsync("in-0", "127.97.2.4", device, ("TS_INGRESS_PROXIES_CONFIG_PATH", mount.PathOf("ingress-config.json")));
        await Wait.UntilAsync("the service is offered", () => Offered().SequenceEqual(["svc:db"]));

        // The tailnet hears of the service before the device has joined; one that stops meanwhile has led nobody anywhere.
        await StateAsync(pod, "in-0", "device_id", _ => true);
        var stopping = pod.StopAsync();
        await FailOver.Waiting.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await Wait.UntilAsync("the service is withdrawn", () => !Offered().Any());

        Assert.False(stopping.IsCompleted);
        Assert.True(Tailnet.Devices.Snapshot().Single().Node!.Online);
        FailOver.Release();
        await stopping;

        IEnumerable<string> Offered() => Tailnet.Devices.Snapshot().SelectMany(device => device.Node?.AdvertisedServices ?? []);
    }

    [Fact]
    public async Task A_Pod_that_hosts_none_is_stopped_at_once()
    {
        var pod = await StartPodAsync("in-0", "127.97.2.5", MountDevice("in-0"));
        await StateAsync(pod, "in-0", "device_id", _ => true);

        await pod.StopAsync();

        Assert.False(FailOver.Waiting.IsCompleted);
    }
}
