using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Testing;

namespace Fairlead.Dev.Tests.Cluster.Server;

public sealed class EventExpiryTests : IAsyncLifetime
{
    private const string Events = "/api/v1/namespaces/default/events";

    private readonly ManualTime _time = new();
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() =>
        _cluster = await TestCluster.StartAsync(new EmbeddedClusterOptions { Seed = 1, Https = false, Controllers = false, TimeProvider = _time });

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task An_event_goes_an_hour_after_it_was_last_written_and_watchers_are_told()
    {
        var version = (string)(await _cluster.GetAsync(Events))["metadata"]!["resourceVersion"]!;
        await CreateAsync("first");
        _time.Advance(TimeSpan.FromMinutes(20));
        await CreateAsync("second");
        _time.Advance(TimeSpan.FromMinutes(20));
        await _cluster.PatchAsync($"{Events}/first", "application/merge-patch+json", new JsonObject { ["count"] = 2 });

        _time.Advance(TimeSpan.FromMinutes(39));
        Assert.Equal(["first", "second"], await NamesAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["first"], await NamesAsync());
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Empty(await NamesAsync());

        Assert.Equal(
            ["ADDED first", "ADDED second", "MODIFIED first", "DELETED second", "DELETED first"],
            await _cluster.WatchAsync($"{Events}?watch=true&resourceVersion={version}", 5));
    }

    [Fact]
    public async Task Nothing_but_events_expires()
    {
        await CreateAsync("event");
        var namespaces = Names(await _cluster.GetAsync("/api/v1/namespaces"));

        _time.Advance(TimeSpan.FromDays(2));

        Assert.Empty(await NamesAsync());
        Assert.Equal(namespaces, Names(await _cluster.GetAsync("/api/v1/namespaces")));
    }

    private async Task CreateAsync(string name) => await _cluster.PostAsync(Events, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["involvedObject"] = new JsonObject { ["kind"] = "Service", ["namespace"] = "default", ["name"] = "shop" },
        ["count"] = 1,
    });

    private async Task<IEnumerable<string>> NamesAsync() => Names(await _cluster.GetAsync(Events));

    private static IEnumerable<string> Names(JsonObject list) => [.. list["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];
}
