namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>What is left of a device when its proxy's process ends without a word.</summary>
[Collection(TrafficCollection.Name)]
public sealed class ProxyLossTests(TrafficFixture fixture)
{
    private readonly TrafficEnvironment _environment = fixture.Environment;

    [Fact]
    public async Task A_killed_proxy_comes_back_as_the_same_device_and_traffic_resumes()
    {
        await using var app = _environment.StartApp("killed");
        await _environment.CreateServiceAsync("killed", app, ("tailscale.com/expose", "true"));
        var before = await _environment.RunningAsync("killed", "default-killed");
        await using var transfer = await _environment.TransferAsync("default-killed");
        await transfer.GoesOnAsync();
        var pod = (string)_environment.ProxyPod("killed")["metadata"]!["name"]!;

        Assert.True(_environment.Parts.Pods.Kill(TrafficEnvironment.ProxyNamespace, pod));
        await app.ClientsLeftAsync();
        await _environment.UntilAsync(
            $"{pod} runs again", "", "pods",
            () => (int?)_environment.ProxyPod("killed")["status"]?["containerStatuses"]?[0]?["restartCount"] == 1
                && _environment.ProxyPod("killed")["status"]!["containerStatuses"]![0]!["state"]!["running"] is not null);
        using var log = await PodLog.FollowAsync(_environment, pod);
        await log.LineAsync("Startup complete");

        Assert.StartsWith("killed ", await TrafficEnvironment.AskAsync(_environment.Laptop, "default-killed"), StringComparison.Ordinal);
        var after = await TrafficEnvironment.PeerAsync(_environment.Laptop, "default-killed");
        Assert.Equal((before.StableId, before.PublicKey, before.Name), (after.StableId, after.PublicKey, after.Name));
        Assert.Equal(before.Addresses, after.Addresses);
        await using var next = await _environment.TransferAsync("default-killed");
        await next.GoesOnAsync();
    }
}
