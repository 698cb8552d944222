namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>As many Services as a small cluster has, each with a proxy that is a process of its own.</summary>
[Collection(LoneCollection.Name)]
public sealed class ManyServicesTests
{
    private const int Count = 50;

    [Fact]
    public async Task Fifty_Services_exposed_at_once_are_all_reachable_by_name()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        await using var running = environment.Parts.StartOperator();
        var apps = Enumerable.Range(0, Count).Select(i => environment.StartApp($"app-{i}")).ToList();
        foreach (var (i, app) in apps.Index())
        {
            await environment.CreateServiceAsync($"app-{i}", app, ("tailscale.com/expose", "true"));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, Count).Select(async i =>
        {
            await environment.RunningAsync($"app-{i}", $"default-app-{i}");
            return (await TrafficEnvironment.AskAsync(environment.Laptop, $"default-app-{i}")).Split(' ')[0];
        }));

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"app-{i}"), answers);

        // The laptop is one.
        Assert.Equal(Count + 1, environment.Parts.Tailnet.Devices.Snapshot().Count);
        Assert.All(
            environment.Api.List("", "pods", TrafficEnvironment.ProxyNamespace),
            pod => Assert.Equal(0, (int)pod["status"]!["containerStatuses"]![0]!["restartCount"]!));
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }
    }
}
