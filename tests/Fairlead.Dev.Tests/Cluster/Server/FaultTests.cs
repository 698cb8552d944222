using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster.Faults;

namespace Fairlead.Dev.Tests.Cluster.Server;

public sealed class FaultTests
{
    private const string Gadgets = TestCluster.Gadgets;

    [Fact]
    public async Task The_nth_matching_request_fails_and_the_others_do_not()
    {
        await using var cluster = await TestCluster.StartAsync();
        var fault = cluster.Cluster.Faults.Add(
            new RequestMatch { Verb = "create", Resource = "gadgets" },
            new FaultEffect.Fail(429, "TooManyRequests", "slow down", RetryAfterSeconds: 3), nth: 2);
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        var failure = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("b"), 429);
        Assert.Equal(3, (int)failure["details"]!["retryAfterSeconds"]!);
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("b"));
        Assert.Equal(1, fault.Hits);
    }

    [Fact]
    public async Task A_cut_before_the_write_loses_it_and_a_cut_after_it_loses_the_answer_only()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Cluster.Faults.Add(new RequestMatch { Verb = "create" }, new FaultEffect.CutBefore());
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.PostAsync(Gadgets, TestCluster.NewGadget("a")));
        await cluster.GetAsync(Gadgets + "/a", 404);
        cluster.Cluster.Faults.Add(new RequestMatch { Verb = "create" }, new FaultEffect.CutAfter());
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.PostAsync(Gadgets, TestCluster.NewGadget("a")));
        await cluster.GetAsync(Gadgets + "/a");
    }

    [Fact]
    public async Task A_held_request_waits_for_its_release()
    {
        await using var cluster = await TestCluster.StartAsync();
        var release = new TaskCompletionSource();
        var fault = cluster.Cluster.Faults.Add(new RequestMatch { Verb = "list", Query = new Regex("limit=") }, new FaultEffect.Hold(release.Task));
        var list = cluster.GetAsync(Gadgets + "?limit=1");
        await fault.FirstHit;
        await cluster.GetAsync(Gadgets);
        Assert.False(list.IsCompleted);
        release.SetResult();
        await list;
    }

    [Fact]
    public async Task The_world_stops_after_the_chosen_write_and_goes_on_when_told()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var stop = cluster.Cluster.Faults.StopAfterWrites(2, new RequestMatch { Resource = "gadgets" });
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.PostAsync(Gadgets, TestCluster.NewGadget("b")));
        await stop.Stopped;
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.PostAsync(Gadgets, TestCluster.NewGadget("c")));
        cluster.Cluster.Faults.Clear();
        await cluster.GetAsync(Gadgets + "/b");
        await cluster.GetAsync(Gadgets + "/c", 404);
    }

    [Fact]
    public async Task A_silenced_watch_tells_everything_once_it_may_speak()
    {
        await using var cluster = await TestCluster.StartAsync();
        var version = (string)(await cluster.GetAsync(Gadgets))["metadata"]!["resourceVersion"]!;
        var silence = cluster.Cluster.Faults.SilenceWatches();
        var watch = cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={version}", 2);
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("b"));
        Assert.False(watch.IsCompleted);
        silence.Dispose();
        Assert.Equal(["ADDED a", "ADDED b"], await watch);
    }

    [Fact]
    public async Task Running_watches_can_be_cut()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var e in cluster.WatchAsync($"{Gadgets}?watch=1"))
                Assert.Equal(1, cluster.Cluster.Faults.CutWatches());
        });
    }
}
